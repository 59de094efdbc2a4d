"""The reports of an account on DynamoDB: an item for each, among the parts of issues, in the write
of the issue itself. An index would follow later, and somebody looks for what they just sent."""

from quadrangle.aws.base.dynamo import Dynamo, Query
from quadrangle.aws.base.items import Values
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.issues.lists import Found
from quadrangle.aws.issues.tables import ISSUE_PARTS, ISSUES
from quadrangle.aws.issues.walks import WalkPosition
from quadrangle.issues.model import Issue


def belonging(account_id: str, issue: Issue) -> Values:
    """Return the item that says an issue is an account's: a key, and nothing else."""
    # no issue has this id, so what belongs to accounts is apart from the parts of issues
    return {"issueId": _of(account_id), "part": f"{issue.created_at}#{issue.issue_id}"}


def page(
    dynamo: Dynamo, tables: Tables, account_id: str, limit: int, before: WalkPosition | None
) -> Found:
    """Return at most `limit` issues of an account older than `before`, newest first."""
    condition, values = "#issueId = :owner", {"owner": _of(account_id)}
    if before is not None:
        condition += " AND #part < :before"
        values["before"] = "#".join(before)
    query = Query(tables.of(ISSUE_PARTS), condition, values, newest_first=True, page_size=limit + 1)
    parts = [found["part"] for found in dynamo.query_page(query).items]
    places = [(at, issue_id) for at, _, issue_id in (part.rpartition("#") for part in parts)]
    shown = places[:limit]
    keys = [{"issueId": issue_id} for _, issue_id in shown]
    found = dynamo.get_many(tables.of(ISSUES), keys, consistent=True) if keys else []
    by_id = {values["issueId"]: values for values in found}
    items = [by_id[issue_id] for _, issue_id in shown if issue_id in by_id]
    return Found(items, shown[-1] if len(places) > limit else None)


def _of(account_id: str) -> str:
    return f"owner#{account_id}"
