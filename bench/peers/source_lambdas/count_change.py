"""A bare handler behind a queue: one number of one item grows by one per message."""

import json
import os

import boto3

dynamodb = boto3.resource("dynamodb")
table = dynamodb.Table(os.environ["TABLE"])


def lambda_handler(event, context):
    for record in event["Records"]:
        kind = json.loads(record["body"])["payload"]["kind"]
        table.update_item(
            Key={"issueId": kind},
            UpdateExpression="ADD seen :one",
            ExpressionAttributeValues={":one": 1},
        )
    return {"batchItemFailures": []}
