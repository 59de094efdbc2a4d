"""A bare handler behind a table's stream: one message per new item."""

import json
import os

import boto3

sqs = boto3.client("sqs")


def lambda_handler(event, context):
    for record in event["Records"]:
        body = json.dumps(record["dynamodb"]["NewImage"])
        sqs.send_message(QueueUrl=os.environ["QUEUE"], MessageBody=body)
    return {"batchItemFailures": []}
