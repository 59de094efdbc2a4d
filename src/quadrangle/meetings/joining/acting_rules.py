"""Who acts as a side of a meeting, and what is theirs alone to do.

A link opens a side for whoever holds it. Where the side is somebody's account, that does not make
its holder that person: others who are signed in may not use it, and what one person agrees to for
themselves needs their account.
"""

from quadrangle.kernel.errors import Forbidden
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.model import Meeting, MeetingRole

SOMEBODY_ELSES = (
    "This link is for somebody else's account. Please open your own link, or sign out first."
)
SIGN_IN = "Only you can agree to this. Please sign in with your account, then open the meeting."
NOT_OPEN = "The account that this link is for is closed or disabled, so it opens nothing."


def account_of(meeting: Meeting, side: MeetingRole) -> str | None:
    """Return the account that is a side, where it has one."""
    return meeting.teacher_id if side is MeetingRole.TEACHER else meeting.student_id


def acting(side: MeetingRole, who: Principal) -> Principal:
    """Return who acts as a side: whoever is signed in, else its link's holder, who is nobody's
    account and bears no name."""
    return who if who.role is not None else Principal(f"The {side.value} (by link)")


def is_person(meeting: Meeting, side: MeetingRole, who: Principal) -> bool:
    """Tell whether someone surely is a side: where it has no account, its link has to do."""
    account_id = account_of(meeting, side)
    return account_id is None or account_id == who.account_id


def require_link_theirs(meeting: Meeting, side: MeetingRole, who: Principal) -> None:
    """Raise Forbidden for who is signed in and uses the link of another account's side."""
    if who.role is not None and not is_person(meeting, side, who):
        raise Forbidden(SOMEBODY_ELSES)


def require_person(meeting: Meeting, side: MeetingRole, who: Principal) -> None:
    """Raise Forbidden unless it surely is that person who agrees to something."""
    if not is_person(meeting, side, who):
        raise Forbidden(SIGN_IN)
