"""The alarms that tell of throttled functions, which several services share."""

from deploy.aws.inventory.model import Group

HTTP = Group("http", "Functions that answer requests were throttled: too many run at once.")
REACTIONS = Group(
    "reaction", "Functions that react to changes were throttled: too many run at once."
)
ACCOUNT_REACTIONS = Group(
    "account-reaction",
    "Functions that react to changes of accounts, or look after them, were throttled: "
    "too many run at once.",
)
ISSUE_TABLES = Group("issue-tables", "DynamoDB throttled the tables of issues.")
OTHER_TABLES = Group(
    "other-tables",
    "DynamoDB throttled the tables of changes, settings, accounts, mails and the audit.",
)
MEETINGS = Group(
    "meeting", "Functions that react to changes of meetings, or launch desktops, were throttled."
)
MEETING_TABLES = Group("meeting-tables", "DynamoDB throttled the table of meetings or its indexes.")
INDEXES = Group("index", "DynamoDB throttled indexes of tables.")
VIDEOS = Group(
    "video",
    "Functions about videos were throttled: more at once than are reserved for them.",
)
