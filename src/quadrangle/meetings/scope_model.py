"""The scopes of API keys in meetings. Every function on AWS reads them, so nothing comes along."""

SCHEDULE_SCOPE = "meetings:schedule"
