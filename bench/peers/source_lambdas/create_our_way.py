"""A bare handler that does what ours does: issue and change in one transaction, and no mail."""

import json
import os
import time
import uuid
from datetime import datetime

import boto3

dynamodb = boto3.client("dynamodb")


def lambda_handler(event, context):
    body = json.loads(event["body"])
    issue_id = str(uuid.uuid4())
    at = datetime.utcnow().isoformat()
    item = {
        "issueId": {"S": issue_id},
        "issueType": {"S": body["issueType"]},
        "description": {"S": body["description"]},
        "location": {"S": body["location"]},
        "status": {"S": "OPEN"},
        "createdAt": {"S": at},
    }
    change = {
        "subject": {"S": issue_id},
        "seq": {"N": str(time.time_ns())},
        "kind": {"S": "issue.reported"},
        "data": {"S": json.dumps(body)},
        "at": {"S": at},
    }
    dynamodb.transact_write_items(
        TransactItems=[
            {
                "Put": {
                    "TableName": os.environ["ISSUES"],
                    "Item": item,
                    "ConditionExpression": "attribute_not_exists(issueId)",
                }
            },
            {"Put": {"TableName": os.environ["CHANGES"], "Item": change}},
        ]
    )
    print("Saved")
    return {
        "statusCode": 200,
        "headers": {"Access-Control-Allow-Origin": "*", "Content-Type": "application/json"},
        "body": json.dumps({"message": "Issue reported successfully", "issueId": issue_id}),
    }
