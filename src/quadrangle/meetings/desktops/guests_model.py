"""Who was let in on a machine elsewhere, and by what. Frozen values; instants are texts."""

from collections.abc import Mapping

import msgspec

from quadrangle.meetings.model import MeetingRole


class LetIn(msgspec.Struct, frozen=True):
    """`name` as dcv_rules has it, let in as a side by an account, else by a link of a
    generation."""

    name: str
    meeting_id: str
    account_id: str | None
    link_generation: int
    holder: MeetingRole


class Guests(msgspec.Struct, frozen=True):
    """All who were let in on one machine. `leaving` are names whose connections are being closed,
    with when one of them was last there. `version` grows with every write; 0 was never written."""

    machine_id: str
    version: int = 0
    let_in: tuple[LetIn, ...] = ()
    leaving: Mapping[str, str] = msgspec.field(default_factory=dict)
