"""A bare handler that answers what a secret holds."""

import json
import os

import boto3

secrets = boto3.client("secretsmanager")


def lambda_handler(event, context):
    found = secrets.get_secret_value(SecretId=os.environ["SECRET"])
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"length": len(found["SecretString"])}),
    }
