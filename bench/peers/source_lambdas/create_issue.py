"""CreateIssue as in the source's "Lambda Execution": put_item, then a mail to the administrator."""

import json
import os
import uuid
from datetime import datetime

import boto3

dynamodb = boto3.resource("dynamodb")
table = dynamodb.Table(os.environ["TABLE"])
ses = boto3.client("ses")


def lambda_handler(event, context):
    body = json.loads(event["body"])
    issue_id = str(uuid.uuid4())
    item = {
        "issueId": issue_id,
        "issueType": body["issueType"],
        "description": body["description"],
        "location": body["location"],
        "status": "OPEN",
        "createdAt": datetime.utcnow().isoformat(),
    }
    table.put_item(Item=item)
    try:
        ses.send_email(
            Source=os.environ["SENDER"],
            Destination={"ToAddresses": [os.environ["RECEIVER"]]},
            Message={
                "Subject": {"Data": "New Campus Issue Reported"},
                "Body": {
                    "Text": {
                        "Data": f"Issue ID: {issue_id}\nType: {body['issueType']}\n"
                        f"Location: {body['location']}\nDescription: {body['description']}"
                    }
                },
            },
        )
        print("Email sent successfully")
    except Exception as error:
        print(f"Email failed: {error}")
    return {
        "statusCode": 200,
        "headers": {"Access-Control-Allow-Origin": "*", "Content-Type": "application/json"},
        "body": json.dumps({"message": "Issue reported successfully", "issueId": issue_id}),
    }
