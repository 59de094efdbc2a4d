"""What becomes of those who were let in on a machine: (guests, what happened, now) -> guests.

A machine knows a connection by a name, not by what opened it. So when a link was renewed or an
account closed, all connections of that name are closed, and nobody comes in by it before they are:
who may come back then does, with another ticket.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import msgspec

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.meetings.desktops.guests_model import Guests, LetIn

# Machines tell of all their connections every twenty seconds, and of one that ended at once.
SILENCE = timedelta(seconds=30)


def let_in(guests: Guests, whom: LetIn) -> Guests:
    """Note somebody who is let in."""
    if whom in guests.let_in:
        return guests
    return msgspec.structs.replace(guests, let_in=(*guests.let_in, whom))


def withdraw(guests: Guests, whom: Collection[LetIn], now: datetime) -> Guests:
    """Have those go by whom nobody may be here any more."""
    if not whom:
        return guests
    names = {each.name for each in whom}
    return msgspec.structs.replace(
        guests,
        let_in=tuple(each for each in guests.let_in if each.name not in names),
        leaving={**guests.leaving, **dict.fromkeys(sorted(names), to_text(now))},
    )


def told(guests: Guests, here: Mapping[str, bool], now: datetime) -> Guests:
    """Take in what the machine tells: names, and whether a connection of theirs is there still.

    A name has left once its connections ended, or none was told of for long.
    """
    leaving = {
        name: to_text(now) if here.get(name) else since
        for name, since in guests.leaving.items()
        if here.get(name) or (name not in here and now - from_text(since) < SILENCE)
    }
    if leaving == guests.leaving:
        return guests
    return msgspec.structs.replace(guests, leaving=leaving)
