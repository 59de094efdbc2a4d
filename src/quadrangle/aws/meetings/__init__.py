"""Meetings on DynamoDB: all of it is in one table, whose keys tables.py describes."""
