"""Videos on AWS: their files on S3, passes of CloudFront, the queue of turns, the machines.

The rows are in PostgreSQL (sql/videos).
"""
