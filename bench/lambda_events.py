"""What Lambda hands to functions, as the documents of its event sources show it."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any


def request(method: str, path: str, body: str | None = None, **parameters: str) -> dict[str, Any]:
    """Return a REST API's proxy event, as the documents of API Gateway show it."""
    headers = {
        "Accept": "application/json",
        "Content-Type": "application/json",
        "Host": "api.campus.example",
        "Origin": "https://campus.example",
        "User-Agent": "Mozilla/5.0",
        "X-Forwarded-For": "192.0.2.7, 198.51.100.3",
        "X-Forwarded-Port": "443",
        "X-Forwarded-Proto": "https",
    }
    return {
        "resource": path,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": parameters or None,
        "stageVariables": None,
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "apiId": "bench",
            "stage": "prod",
            "httpMethod": method,
            "path": f"/prod{path}",
            "identity": {"sourceIp": "192.0.2.7", "userAgent": "Mozilla/5.0"},
        },
        "body": body,
        "isBase64Encoded": False,
    }


def message(body: dict[str, Any]) -> dict[str, Any]:
    """Return a batch of one message of a queue, received for the first time."""
    return {
        "Records": [
            {
                "messageId": str(uuid.uuid4()),
                "receiptHandle": "bench",
                "body": json.dumps(body),
                "attributes": {
                    "ApproximateReceiveCount": "1",
                    "ApproximateFirstReceiveTimestamp": str(time.time_ns() // 1_000_000),
                },
                "eventSource": "aws:sqs",
            }
        ]
    }


def record(item: dict[str, Any]) -> dict[str, Any]:
    """Return a batch of one new item of a table's stream; `item` is in DynamoDB's JSON."""
    return {
        "Records": [
            {
                "eventID": uuid.uuid4().hex,
                "eventName": "INSERT",
                "eventSource": "aws:dynamodb",
                "dynamodb": {
                    "NewImage": item,
                    "SequenceNumber": "1",
                    "StreamViewType": "NEW_IMAGE",
                },
            }
        ]
    }
