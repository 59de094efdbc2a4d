"""Meetings on DynamoDB: all of it is in one table, whose keys aws/base/tables.py describes."""
