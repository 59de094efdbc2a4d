"""The table of accounts on DynamoDB.

| partition key | sort key |
|---|---|
| key: `account#…`, `email#…`, `admins`, `staff-pin`, `tally#…` | part |
| key: `session#…`, `recovery#…`, `used#…`, `enrolment#…` | part |
| key: `passkey#…` | part |
| key: `passkeys#<account>` | part: a passkey's hash |
| key: `people` | part: folded name and id |
| key: `sessions#<holder>` | part: a session's id |
| key: `staff` | part: an account's id |
| key: `api-keys` | part: a key's id |
| key: `usage#…` | part |
"""

ACCOUNTS = "Accounts"
