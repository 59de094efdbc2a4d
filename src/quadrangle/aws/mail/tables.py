"""The table of mails on DynamoDB, and its index.

Its partition key is mailId, `content#<mailId>#<digest>` or `counts#<n>`.
"""

MAILS = "Mails"

MAILS_BY_STATE = "state-place-index"
