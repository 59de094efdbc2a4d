"""The table of changes on DynamoDB: partition key subject, sort key seq."""

CHANGES = "Changes"
