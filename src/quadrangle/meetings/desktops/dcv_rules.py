"""What each side may do on a desktop that is seen through Amazon DCV, as DCV is told it.

DCV knows two people on a machine: the one it is for, who owns the session, and the other side.
"""

from quadrangle.meetings.control import rules
from quadrangle.meetings.control.model import Control
from quadrangle.meetings.model import MeetingRole, Right, other_side

OWNER = "student"  # the account on the machine, whichever side of the meeting has it
GUEST = "guest"  # no account

_HANDS = "keyboard keyboard-sas mouse pointer touch stylus"
# Of the person whose desktop it is, while the other one has keyboard and mouse. Their clipboard is
# never the other side's.
_OWN_EYES = "display audio-out unsupervised-access"
_EYES = "display unsupervised-access"


def name_of(holder: MeetingRole, desktop: MeetingRole) -> str:
    """Return who a side is on a desktop."""
    return OWNER if holder is desktop else GUEST


def permissions(control: Control, desktop: MeetingRole) -> str:
    """Return the content of DCV's file of permissions. Whom it does not name may do nothing."""
    own = rules.right(control, desktop, desktop)
    lines = [f"%owner% allow {'builtin' if own is Right.CONTROL else _OWN_EYES}"]
    may = rules.right(control, other_side(desktop), desktop)
    if may is not None:
        lines.append(f"{GUEST} allow {_EYES}{f' {_HANDS}' if may is Right.CONTROL else ''}")
    if control.over:
        lines = []
    return "\n".join(["[permissions]", *lines, ""])


def welcome(control: Control, desktop: MeetingRole) -> list[str]:
    """Return who may be connected; others' connections are to be closed."""
    if control.over:
        return []
    looks = rules.right(control, other_side(desktop), desktop) is not None
    return [OWNER, GUEST] if looks else [OWNER]
