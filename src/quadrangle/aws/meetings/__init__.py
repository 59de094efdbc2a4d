"""Meetings on DynamoDB: one table for all that the service keeps (aws/base/tables.py has its keys)."""
