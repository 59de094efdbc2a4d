"""The ports on AWS: DynamoDB, S3, SES, SQS, EventBridge Scheduler, Secrets Manager."""
