"""A bare handler behind a queue: the mail of the source's CreateIssue, of an item it reads."""

import json
import os

import boto3

dynamodb = boto3.resource("dynamodb")
table = dynamodb.Table(os.environ["TABLE"])
ses = boto3.client("ses")


def lambda_handler(event, context):
    for record in event["Records"]:
        mail_id = json.loads(record["body"])["payload"]["mailId"]
        table.get_item(Key={"issueId": mail_id})
        ses.send_email(
            Source=os.environ["SENDER"],
            Destination={"ToAddresses": [os.environ["RECEIVER"]]},
            Message={
                "Subject": {"Data": "New Campus Issue Reported"},
                "Body": {"Text": {"Data": f"Mail {mail_id}"}},
            },
        )
    return {"batchItemFailures": []}
