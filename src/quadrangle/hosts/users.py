"""Staff members from the command line, for whoever has lost the way in."""

import argparse

from quadrangle.accounts import rules
from quadrangle.accounts.first_start import ensure_first_admin
from quadrangle.accounts.made import make_password
from quadrangle.hosts.errors import CommandError
from quadrangle.hosts.parts import Parts
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import SYSTEM, Role


async def run(parts: Parts, options: argparse.Namespace) -> str:
    """List staff, add a member, or give one a new password; return what to print."""
    if options.action == "list":
        members = await parts.account_store.staff()
        return "\n".join(
            f"{m.email}\t{m.role}\t{'active' if m.active else 'inactive'}\t{m.name}"
            for m in members
        )
    if not options.email:
        raise CommandError("Please give the e-mail address.")
    if options.action == "add":
        return await _add(parts, options)
    return await _new_password(parts, options.email)


async def _add(parts: Parts, options: argparse.Namespace) -> str:
    password = make_password()
    account, facts = rules.open_account(
        new_id(),
        options.email.strip().lower(),
        options.name or options.email,
        Role(options.role),
        SYSTEM,
        parts.clock.now(),
    )
    await parts.account_store.add(account, await parts.passwords.hash(password), facts)
    return f"Added {account.email} ({account.role}). Password, shown this once: {password}"


async def _new_password(parts: Parts, email: str) -> str:
    if await parts.account_store.by_email(email.strip().lower()) is None:
        raise CommandError(f"There is no account of {email}.")
    password = make_password()
    await ensure_first_admin(parts.account_store, parts.passwords, parts.clock, email, password)
    return f"New password of {email}, shown this once: {password}"
