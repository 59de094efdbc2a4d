"""Staff members from the command line, for whoever has lost the way in."""

import argparse

from quadrangle.accounts.staff import Staff
from quadrangle.hosts.errors import CommandError
from quadrangle.hosts.parts import Parts
from quadrangle.kernel.principal import Principal, Role

# Whoever can run commands on the machine can read the database anyway.
COMMAND_LINE = Principal("Command line", Role.ADMIN)


async def run(parts: Parts, options: argparse.Namespace) -> str:
    """List staff, add a member, or give one a new password; return what to print."""
    staff = parts.accounts().staff
    if options.action == "list":
        return await _list(staff)
    if not options.email:
        raise CommandError("Please give the e-mail address.")
    if options.action == "add":
        return await _add(staff, options)
    return await _new_password(staff, options.email.strip().lower())


async def _list(staff: Staff) -> str:
    members = await staff.members(COMMAND_LINE)
    if not members:
        return "There is nobody yet."
    return "\n".join(
        f"{m.email}\t{m.role}\t{'active' if m.active else 'inactive'}\t{m.name}" for m in members
    )


async def _add(staff: Staff, options: argparse.Namespace) -> str:
    name = options.name or options.email
    account, password = await staff.add(options.email, name, Role(options.role), COMMAND_LINE)
    return f"Added {account.email} ({account.role}). Password, shown this once: {password}"


async def _new_password(staff: Staff, email: str) -> str:
    members = await staff.members(COMMAND_LINE)
    member = next((m for m in members if m.email == email), None)
    if member is None:
        raise CommandError(f"There is no staff member with the address {email}.")
    password = await staff.new_password(member.account_id, COMMAND_LINE)
    return f"New password of {email}, shown this once: {password}"
