"""What every adapter on AWS stands on: clients, DynamoDB, items, files."""
