"""Decisions about signing in by an outside issuer. Pure: the time and the secrets are arguments."""

import hmac
import re
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import quote, unquote

from quadrangle.accounts.model import Account, AccountState
from quadrangle.accounts.outside.model import Answer, Flow, Person
from quadrangle.accounts.rules import MAX_NAME
from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.text import Checked, is_email, storable

FLOW_LIFE = timedelta(minutes=10)  # to find one's password and second factor at the issuer
LONGEST_NEXT = 1_000
HOME = "/"
_NOT_IN_PATH = re.compile(r"[\x00-\x20\x7f\\]|//")
_NOT_PAGES = ("/api/", "/.well-known/")
_KEPT = "/?&=#%:;,@!$'()*+~-._"  # signs an address may have as they are


class Problem(StrEnum):
    """Why nobody was signed in; the sign-in page has a sentence for each."""

    DENIED = "denied"  # the issuer, or the person there, said no
    EXPIRED = "expired"  # too late, used already, or begun in another browser
    NOT_VERIFIED = "not-verified"  # the issuer does not vouch for the e-mail address
    UNKNOWN_ACCOUNT = "unknown-account"
    DISABLED = "disabled"
    ISSUER_AWAY = "issuer-away"


class NotAdmitted(Exception):
    """Nobody is signed in; `account_id` is whose account it was about, if anybody's."""

    def __init__(self, problem: Problem, account_id: str | None = None) -> None:
        self.problem = problem
        self.account_id = account_id
        super().__init__(problem.value)


def safe_next(wanted: str) -> str:
    """Return a page of ours to go to after signing in: `wanted`, or the first page when it is not
    surely one of ours, as it may come from anybody.

    Browsers read "//other.example" and "/\\other.example" as another site, drop tabs and line ends,
    and resolve dots; some servers between decode "%2f". Nothing of the kind passes.
    """
    if not wanted.startswith("/") or len(wanted) > LONGEST_NEXT:
        return HOME
    plain = _decoded(wanted)
    path = re.split(r"[?#]", plain, maxsplit=1)[0]
    if _NOT_IN_PATH.search(path) or ".." in path.split("/") or "." in path.split("/"):
        return HOME
    if not plain.isprintable() or "\\" in plain or path.startswith(_NOT_PAGES):
        return HOME
    return quote(wanted, safe=_KEPT)


def _decoded(text: str) -> str:
    """Decode until nothing changes: "%252f" hides a "/" twice."""
    for _ in range(5):
        decoded = unquote(text)
        if decoded == text:
            return text
        text = decoded
    return "\\"  # nobody means well who hides so deep


def begin(issuer_id: str, secrets: tuple[str, str, str], wanted: str, now: datetime) -> Flow:
    """Return a flow with its state, nonce and verifier."""
    return Flow(issuer_id, *secrets, safe_next(wanted), to_text(now + FLOW_LIFE))


def require_same_browser(flow: Flow, issuer_id: str, answer: Answer, now: datetime) -> None:
    """Raise NotAdmitted unless the answer belongs to the flow this browser began with the issuer.

    Otherwise anybody could sign others in to an account that is not theirs (login CSRF), or have
    one issuer's code redeemed at another (mix-up).
    """
    state = (answer.state or "").encode()
    same = hmac.compare_digest(state, flow.state.encode()) and flow.issuer_id == issuer_id
    if not same or now >= from_text(flow.until):
        raise NotAdmitted(Problem.EXPIRED)


def require_open(account: Account) -> None:
    """Raise NotAdmitted unless the account may be used."""
    if account.state is not AccountState.OPEN:
        raise NotAdmitted(Problem.UNKNOWN_ACCOUNT, account.account_id)
    if not account.active:
        raise NotAdmitted(Problem.DISABLED, account.account_id)


def vouched_email(person: Person) -> str:
    """Return the address the issuer vouches for, in lower case. Raises NotAdmitted."""
    email = person.email.strip().lower()
    if not person.email_verified or not is_email(email):
        raise NotAdmitted(Problem.NOT_VERIFIED)
    return email


def shown_name(person: Person, email: str) -> str:
    """Return what a new account is called: the issuer's word, else what stands before the @."""
    for name in (person.name, email.partition("@")[0]):
        checked = Checked()
        line = checked.line("name", storable(name)[:MAX_NAME], MAX_NAME)
        if not checked.errors:
            return line
    return "Member"
