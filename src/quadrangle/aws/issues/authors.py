"""What somebody wrote and did among issues on DynamoDB, under another name.

Neither is found by its author but by reading all: an index would cost with every write, and few
accounts are ever closed. So a call reads a share, and the next goes on where it ended.
"""

from typing import Any

import msgspec

from quadrangle.aws.base.dynamo import Dynamo, Share
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.aws.issues.tables import ISSUE_PARTS


class _Table(msgspec.Struct, frozen=True):
    """A table with the attributes that tell whose an item is and what they are called."""

    name: str
    author_id: str
    author: str


_TABLES = (_Table(ISSUE_PARTS, "authorId", "authorName"), _Table(CHANGES, "actorId", "actor"))
# Which of these comes next, and the key in it behind which to go on.
_Place = tuple[int, dict[str, Any] | None]


def rename(
    dynamo: Dynamo, tables: Tables, account_id: str, name: str, behind: str | None, share: Share
) -> str | None:
    """Have a share show `name`; return where to go on, None at the end. Safe to repeat."""
    number, key = (0, None) if behind is None else msgspec.json.decode(behind, type=_Place)
    of = _TABLES[number]
    table = tables.of(of.name)
    read = dynamo.scan_share(
        table, f"#{of.author_id} = :account", share, behind=key, account=account_id
    )
    dynamo.write_many(table, put=[{**each, of.author: name} for each in read.items])
    if read.last is not None:
        return _text(number, read.last)
    return _text(number + 1, None) if number + 1 < len(_TABLES) else None


def _text(number: int, key: dict[str, Any] | None) -> str:
    return msgspec.json.encode((number, key)).decode()
