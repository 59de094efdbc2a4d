"""Changes from DynamoDB streams to the queues of reactions."""
