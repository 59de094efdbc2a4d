"""The names of the tables. deploy/aws/ makes them; their keys are described here once."""

import msgspec


class Tables(msgspec.Struct, frozen=True):
    """One name per table.

    | table | partition key | sort key |
    |---|---|---|
    | issues | issueId | |
    | issue_parts | issueId | part: `comment#…`, `photo#…` |
    | changes | subject | seq |
    | issue_figures | figure: `total`, `day#<month>`, `hours#<month>`, `issue#<id>` | name |
    | issue_search | word | place: `<createdAt>#<issueId>` |
    | accounts | key: `account#…`, `email#…`, `admins`, `staff-pin`, `tally#…` | part |
    | accounts | key: `session#…`, `recovery#…`, `used#…`, `enrolment#…` | part |
    | accounts | key: `passkey#…` | part |
    | accounts | key: `passkeys#<account>` | part: a passkey's hash |
    | accounts | key: `people` | part: folded name and id |
    | accounts | key: `sessions#<holder>` | part: a session's id |
    | accounts | key: `staff` | part: an account's id |
    | accounts | key: `api-keys` | part: a key's id |
    | accounts | key: `usage#…` | part |
    | audit | key: `records` | part: a record's number |
    | audit | key: `end`, `change#<subject>#<seq>` | part |
    | settings | name | |
    | mails | mailId, `content#<mailId>#<digest>` or `counts#<n>` | |
    | meetings | id: a meeting's | part: `meeting`, `control`, `room`, `connection#…` |
    | meetings | id: a meeting's | part: `participant#…`, `message#<place>`, `sheet#<kind>` |
    | meetings | id: `taken#<person>`, `busy#<week>`, `machine#…`, `ticket#…` | part |
    | meetings | id: `hours#<teacher>`, `feed#…`, `feed-address#<hash>` | part |
    | meetings | id: `published-hours` | part: folded name and teacher |
    | meetings | id: `launches#<workspace>`, `reap-marks#all` | part |
    """

    issues: str
    issue_parts: str
    changes: str
    issue_figures: str
    issue_search: str
    accounts: str
    audit: str
    settings: str
    mails: str
    meetings: str

    @classmethod
    def named(cls, prefix: str) -> "Tables":
        """Return the tables of one installation: `<prefix>Issues` and so on."""
        return cls(
            issues=f"{prefix}Issues",
            issue_parts=f"{prefix}IssueParts",
            changes=f"{prefix}Changes",
            issue_figures=f"{prefix}IssueFigures",
            issue_search=f"{prefix}IssueSearch",
            accounts=f"{prefix}Accounts",
            audit=f"{prefix}Audit",
            settings=f"{prefix}Settings",
            mails=f"{prefix}Mails",
            meetings=f"{prefix}Meetings",
        )


BY_STATUS = "status-createdAt-index"
BY_ASSIGNEE = "assigneeId-createdAt-index"
BY_ORIGINAL = "duplicateOf-createdAt-index"
BY_DUE = "status-dueAt-index"

ONLY_PART = "all"  # the part of an item that is alone under its key
EXPIRES = "expiresAt"  # the second, since 1970, after which DynamoDB may remove an item
MAILS_BY_STATE = "state-place-index"
MEETINGS_BY_STATUS = "status-place-index"
MEETINGS_BY_TEACHER = "teacher_id-place-index"
MEETINGS_BY_STUDENT = "student_id-place-index"
MEETINGS_BY_LOOK = "due-look_at-index"
