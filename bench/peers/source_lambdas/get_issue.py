"""GetIssue of the source: one get_item, eventually consistent."""

import json
import os

import boto3

dynamodb = boto3.resource("dynamodb")
table = dynamodb.Table(os.environ["TABLE"])


def lambda_handler(event, context):
    issue_id = event["pathParameters"]["issueId"]
    print(f"Looking up issue_id: {issue_id}")
    response = table.get_item(Key={"issueId": issue_id})
    headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "application/json"}
    if "Item" not in response:
        body = json.dumps({"message": "Issue not found"})
        return {"statusCode": 404, "headers": headers, "body": body}
    body = json.dumps(response["Item"])
    return {"statusCode": 200, "headers": headers, "body": body}
