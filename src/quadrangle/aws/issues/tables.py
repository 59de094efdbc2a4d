"""The tables of issues on DynamoDB, and their indexes.

| table | partition key | sort key |
|---|---|---|
| Issues | issueId | |
| IssueParts | issueId | part: `comment#…`, `photo#…` |
| | `owner#<accountId>` | `<createdAt>#<issueId>` |
| IssueFigures | figure: `total`, `day#<month>`, `hours#<month>`, `issue#<id>` | name |
| IssueSearch | word | place: `<createdAt>#<issueId>` |
"""

ISSUES = "Issues"
ISSUE_PARTS = "IssueParts"
ISSUE_FIGURES = "IssueFigures"
ISSUE_SEARCH = "IssueSearch"

BY_STATUS = "status-createdAt-index"
BY_ASSIGNEE = "assigneeId-createdAt-index"
BY_ORIGINAL = "duplicateOf-createdAt-index"
BY_DUE = "status-dueAt-index"
