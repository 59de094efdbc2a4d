"""The server with issues kept in memory: how fast everything around the database is."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import uvloop

from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.hosts.one_machine.serve import serve
from quadrangle.hosts.one_machine.server import SWITCH_INTERVAL_S, Server, prepare, spare_collector
from quadrangle.hosts.one_machine.services import Services
from quadrangle.hosts.one_machine.settings import prepare_data_folder, read_settings
from quadrangle.hosts.shared.logs import configure_logs
from quadrangle.issues.model import Issue
from quadrangle.kernel.change import Change


class MemoryIssueStore:
    """The two calls that are measured, of issues.ports.IssueStore."""

    def __init__(self) -> None:
        self._issues: dict[str, Issue] = {}

    async def add(self, issue: Issue, changes: Sequence[Change]) -> Issue:
        self._issues[issue.issue_id] = issue
        return issue

    async def get(self, issue_id: str) -> Issue | None:
        return self._issues.get(issue_id)


async def main() -> None:
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    settings = read_settings({**os.environ, "QUADRANGLE_WORKER": "off"})
    configure_logs(settings.log_level)
    prepare_data_folder(settings)
    services = Services(MachineParts(settings))
    await prepare(services)
    services.issues.store = MemoryIssueStore()  # type: ignore[assignment] - two calls are made
    server = Server(services)
    await server.start()
    spare_collector()
    try:
        await serve(server.app, settings, on_ready=lambda: None, on_stopping=server.stop)
    finally:
        await server.close()


if __name__ == "__main__":
    uvloop.run(main())
