"""The commands behind `quadrangle …`."""

import argparse
import asyncio
import os
from collections.abc import Callable, Coroutine
from typing import Any

import uvloop

from quadrangle.hosts.one_machine.commands import backups, keys, users
from quadrangle.hosts.one_machine.commands.errors import CommandError
from quadrangle.hosts.one_machine.commands.whole import require_whole
from quadrangle.hosts.one_machine.opening import open_data
from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.hosts.one_machine.services import Services, check_settings
from quadrangle.hosts.one_machine.settings import Settings, prepare_data_folder
from quadrangle.hosts.shared.logs import configure_logs
from quadrangle.kernel.errors import KeysUnusable, QuadrangleError, Unavailable
from quadrangle.loading import uncollected
from quadrangle.sql.base.integrity import check_database
from quadrangle.sql.base.migrate import TooNew

# A worker that runs is seconds behind; on AWS there is an alarm after as long.
LONG_BEHIND_S = 300.0

Command = Callable[[argparse.Namespace, Settings], Coroutine[Any, Any, int]]


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Run the chosen command and return its exit code. Raises CommandError, SettingsError."""
    os.umask(0o077)  # whatever is written is its owner's alone
    configure_logs(settings.log_level)
    prepare_data_folder(settings)
    try:
        return uvloop.run(_COMMANDS[options.command](options, settings))
    except TooNew as error:
        raise CommandError("This database was made by a newer Quadrangle.") from error
    except KeysUnusable as error:
        raise CommandError(str(error)) from error
    except QuadrangleError as error:
        raise CommandError(_told(error)) from error


def _told(error: QuadrangleError) -> str:
    """Return a sentence for the administrator, who may know what a client may not."""
    cause = getattr(error.__cause__, "orig", None)  # what the database itself said
    if isinstance(error, Unavailable) and cause is not None:
        return f"The database cannot be used: {str(cause).splitlines()[0].rstrip('.')}."
    faults = getattr(error, "errors", [])
    return " ".join(fault.message for fault in faults) or error.message


async def _serve(_: argparse.Namespace, settings: Settings) -> int:
    # imported here, as are the worker's parts below: each command loads what it needs alone
    with uncollected():
        from quadrangle.hosts.one_machine.serve import PortTaken
        from quadrangle.hosts.one_machine.server import run_server

    check_settings(settings)
    try:
        return await run_server(settings)
    except PortTaken as error:
        raise CommandError(str(error)) from error


async def _worker(options: argparse.Namespace, settings: Settings) -> int:
    with uncollected():
        from quadrangle.hosts.one_machine.worker import run_worker

    check_settings(settings)
    return await run_worker(settings, options.with_parent)


async def _migrate(_: argparse.Namespace, settings: Settings) -> int:
    async with _opened(settings) as services:
        steps = await open_data(services)
    print(f"Ran {len(steps)} step(s)." if steps else "The database is up to date.")
    return 0


async def _check(options: argparse.Namespace, settings: Settings) -> int:
    async with _opened(settings) as services:
        database, hosts = services.parts.database, services.all
        await require_whole(services.parts)
        if options.rebuild:
            print("\n".join([line for host in hosts for line in await host.rebuild()]))
        checks = {wrong: query for host in hosts for wrong, query in host.integrity().items()}
        problems = await check_database(database, checks)
        for host in hosts:
            problems += await host.check()
        notes = [line for host in hosts for line in await host.notes()]
        last = max((await services.operation.behind()).values())
    for told in (*problems, *notes):
        print(told)
    if last.seconds > LONG_BEHIND_S:  # no fault of the data: the worker goes on with them
        changes = "1 change" if last.changes == 1 else f"{last.changes:,} changes"
        verb = "waits" if last.changes == 1 else "wait"
        print(f"{changes} {verb} for the worker, the oldest for {last.seconds:,.0f} s.")
    print(f"{len(problems)} problem(s) found." if problems else "Everything is in order.")
    return 1 if problems else 0


async def _backup(options: argparse.Namespace, settings: Settings) -> int:
    async with _opened(settings) as services:
        print(await backups.backup(services.parts, options.folder))
    return 0


async def _restore(options: argparse.Namespace, settings: Settings) -> int:
    print(await asyncio.to_thread(backups.restore, settings, options.folder))
    return 0


async def _user(options: argparse.Namespace, settings: Settings) -> int:
    async with _opened(settings) as services:
        # only the schema: a first admin made here would have a password nobody gets to see
        await open_data(services)
        print(await users.run(services.accounts.service.people, options))
    return 0


async def _keys(options: argparse.Namespace, settings: Settings) -> int:
    async with _opened(settings) as services:
        signing, clock = services.accounts.keys, services.parts.clock
        print(await asyncio.to_thread(keys.run, signing, clock, options))
    return 0


class _opened:
    """The services, let go of afterwards."""

    def __init__(self, settings: Settings) -> None:
        self._services = Services(MachineParts(settings))

    async def __aenter__(self) -> Services:
        return self._services

    async def __aexit__(self, *_: object) -> None:
        await self._services.close()


_COMMANDS: dict[str, Command] = {
    "serve": _serve,
    "worker": _worker,
    "migrate": _migrate,
    "check": _check,
    "backup": _backup,
    "restore": _restore,
    "user": _user,
    "keys": _keys,
}
