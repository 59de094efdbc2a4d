"""The outbox on AWS, and SES."""
