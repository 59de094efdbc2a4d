"""Which tables hold what follows from facts: on SQLite they are in a file of their own."""

# Each is written by the worker alone, save what is across the line (docs/decisions/0038).
FOLLOWING = (
    "jobs",
    "feed_cursors",
    "issue_facets",
    "issue_totals",
    "issue_days",
    "issue_unresolved",
    "issue_words",
    "issue_search",
    "mails",
    "mail_totals",
    "audit",
)
# In both files, each with rows of its own.
BOTH = ("documents", "schema_steps")
# Steps up to this one made one file of everything; later ones say whose they are.
LAST_OF_ONE_FILE = 25
