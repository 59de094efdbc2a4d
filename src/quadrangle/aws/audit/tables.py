"""The table of the audit on DynamoDB.

| partition key | sort key |
|---|---|
| key: `records` | part: a record's number |
| key: `end`, `change#<subject>#<seq>` | part |
"""

AUDIT = "Audit"
