"""Has the present program write every sample on both wings, and keeps what it wrote.

`python -m tests.old_records.freeze NAME` makes `frozen/NAME/`; it must not be there yet.
"""

import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from quadrangle.kernel.clock import ManualClock
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.migrate import migrate
from tests.old_records.accounts.samples import write_accounts
from tests.old_records.audit.samples import write_audit
from tests.old_records.base.samples import NOW
from tests.old_records.issues.samples import write_issues
from tests.old_records.mail.samples import write_mail
from tests.old_records.wings import FROZEN, DynamoWing, SqlWing, Wing
from tests.standin.server import StandIn


async def write_all(wing: Wing) -> None:
    await write_issues(wing)
    await write_accounts(wing)
    await write_mail(wing)
    await write_audit(wing)


async def freeze(folder: Path) -> None:
    """Write both files into a folder."""
    with tempfile.TemporaryDirectory() as scratch:
        database = Database(f"sqlite:///{scratch}/quadrangle.db")
        await migrate(database)
        machine = SqlWing(database, ManualClock(NOW))
        await write_all(machine)
        steps, tables = await machine.dump()
        _keep(folder / "sql.json", tables, steps=steps)
        await database.close()
        standin = StandIn(Path(scratch)).start()
        try:
            aws = DynamoWing(standin, ManualClock(NOW))
            await write_all(aws)
            _keep(folder / "dynamodb.json", aws.dump())
        finally:
            standin.stop()


def _keep(path: Path, tables: dict[str, list[Any]], **more: Any) -> None:
    """Write JSON with a line for each record."""
    lines = [
        f'"{name}": [\n' + ",\n".join(json.dumps(r, ensure_ascii=False) for r in records) + "\n]"
        for name, records in tables.items()
    ]
    head = "".join(f'"{name}": {json.dumps(value)},\n' for name, value in more.items())
    path.write_text("{\n" + head + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    target = FROZEN / sys.argv[1]
    target.mkdir()
    asyncio.run(freeze(target))
