"""`quadrangle keys`, and what replaces signing keys in time while a server runs."""

import argparse
import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import structlog

from quadrangle.accounts.tokens.key_rules import ACCEPTED_AFTER
from quadrangle.accounts.tokens.signing_keys import SigningKey
from quadrangle.hosts.one_machine.commands.errors import CommandError
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import KeysUnusable
from quadrangle.machine.keys.signing_keys import KeyFile

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 3600.0


async def keep_rotating(keys: KeyFile, every_s: float = LOOK_EVERY_S) -> None:
    """Do what is due about the keys, now and again, until cancelled."""
    while True:
        try:
            if await asyncio.to_thread(keys.rotate):
                log.info("signing keys rotated")
        except (KeysUnusable, OSError) as error:
            # the keys at hand go on to be used; there is a day's time to mend this
            log.error("signing keys could not be rotated", cause=str(error))
        await asyncio.sleep(every_s)


def run(keys: KeyFile, clock: Clock, options: argparse.Namespace) -> str:
    """Do `list` or `rotate` and return what to print. Raises CommandError, KeysUnusable."""
    if options.action == "list":
        if options.now:
            raise CommandError("--now goes with: quadrangle keys rotate.")
        return _listed(keys.current(), clock)
    if options.now:
        keys.replace()
        return "A new key signs from now on. What the old ones signed has ended."
    return "The keys were rotated." if keys.rotate() else "No rotation is due."


def _listed(keys: Sequence[SigningKey], clock: Clock) -> str:
    signer, now = keys[0], clock.now().timestamp()
    lines = []
    for key in sorted(keys, key=lambda key: key.signs_from):
        begins = to_text(datetime.fromtimestamp(key.signs_from, UTC))
        if key is signer:
            state = f"signs since {begins}"
        elif key.signs_from > now:
            state = f"published, signs from {begins}"
        else:
            after = min(k.signs_from for k in keys if k.signs_from > key.signs_from)
            end = datetime.fromtimestamp(after, UTC) + ACCEPTED_AFTER
            state = f"accepted until {to_text(end)}"
        lines.append(f"{key.kid}  {state}")
    return "\n".join(lines)
