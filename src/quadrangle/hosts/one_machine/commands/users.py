"""People's accounts from the command line, for whoever has lost the way in."""

import argparse
from collections.abc import Awaitable, Callable

from quadrangle.accounts.people.people import People, Search
from quadrangle.accounts.people.rules import status_of
from quadrangle.accounts.rules import AccountEdit
from quadrangle.hosts.one_machine.commands.errors import CommandError
from quadrangle.kernel.principal import Principal, Role

# Whoever can run commands on the machine can read the database anyway.
COMMAND_LINE = Principal("Command line", Role.ADMIN)
PAGE = 100


async def run(people: People, options: argparse.Namespace) -> str:
    """Do what was asked with the accounts; return what to print."""
    if options.action == "list":
        return await _list(people, options)
    if not options.email:
        raise CommandError("Please give the e-mail address.")
    return await _ACTIONS[options.action](people, options)


async def _list(people: People, options: argparse.Namespace) -> str:
    role = None if options.role is None else Role(options.role)
    lines: list[str] = []
    wanted = Search(role=role, limit=PAGE)
    while True:
        page = await people.find(wanted, COMMAND_LINE)
        lines += [f"{a.email}\t{a.role}\t{status_of(a)}\t{a.name}" for a in page.items]
        if page.next_cursor is None:
            return "\n".join(lines) or "There is nobody yet."
        wanted = Search(role=role, limit=PAGE, cursor=page.next_cursor)


async def _add(people: People, options: argparse.Namespace) -> str:
    name, role = options.name or options.email, Role(options.role or Role.STAFF)
    account, password = await people.add(options.email, name, role, COMMAND_LINE)
    return f"Added {account.email} ({account.role}). Password, shown this once: {password}"


async def _new_password(people: People, options: argparse.Namespace) -> str:
    account = await people.by_email(options.email, COMMAND_LINE)
    password = await people.new_password(account.account_id, COMMAND_LINE)
    return f"New password of {account.email}, shown this once: {password}"


async def _new_role(people: People, options: argparse.Namespace) -> str:
    if options.role is None:
        raise CommandError("Please give the role, as in --role teacher.")
    return await _edit(people, options, AccountEdit(role=Role(options.role)))


async def _disable(people: People, options: argparse.Namespace) -> str:
    return await _edit(people, options, AccountEdit(active=False))


async def _enable(people: People, options: argparse.Namespace) -> str:
    return await _edit(people, options, AccountEdit(active=True))


async def _edit(people: People, options: argparse.Namespace, wanted: AccountEdit) -> str:
    found = await people.by_email(options.email, COMMAND_LINE)
    account = await people.edit(found.account_id, wanted, COMMAND_LINE)
    return f"{account.email} is {account.role}, {status_of(account)}."


_ACTIONS: dict[str, Callable[[People, argparse.Namespace], Awaitable[str]]] = {
    "add": _add,
    "password": _new_password,
    "role": _new_role,
    "disable": _disable,
    "enable": _enable,
}
