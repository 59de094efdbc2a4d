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
    | mails | mailId, or `counts#<n>` | |
    """

    issues: str
    issue_parts: str
    changes: str
    issue_figures: str
    issue_search: str
    mails: str

    @classmethod
    def named(cls, prefix: str) -> "Tables":
        """Return the tables of one installation: `<prefix>Issues` and so on."""
        return cls(
            issues=f"{prefix}Issues",
            issue_parts=f"{prefix}IssueParts",
            changes=f"{prefix}Changes",
            issue_figures=f"{prefix}IssueFigures",
            issue_search=f"{prefix}IssueSearch",
            mails=f"{prefix}Mails",
        )


BY_STATUS = "status-createdAt-index"
BY_ASSIGNEE = "assigneeId-createdAt-index"
BY_ORIGINAL = "duplicateOf-createdAt-index"
BY_DUE = "status-dueAt-index"
MAILS_BY_STATE = "state-place-index"
