"""How a sign-in goes on: whatever is asked when, one successor holds, and reuse ends it."""

import secrets
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from quadrangle.accounts.model import Account, Method, Place
from quadrangle.accounts.tokens import session_rules as rules
from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.errors import NotSignedIn
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Role
from tests.properties import examples

BEGAN = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
HOME = Place("198.51.100.7", "Firefox")
HOLDER = Account(new_id(), "bo@campus.example", "Bo", Role.STUDENT, to_text(BEGAN))


class SignIn(RuleBasedStateMachine):
    """One sign-in, refreshed by whoever holds one of its tokens, at any time."""

    @initialize()
    def begin(self) -> None:
        self.now = BEGAN
        secret = secrets.token_bytes(rules.SECRET_BYTES)
        begun = rules.begin(
            new_id(), HOLDER, HOLDER.account_id, Method.PASSWORD, HOME, secret, self.now
        )
        self.session, self.tokens = begun.session, [begun.token]
        self.replaced_at: datetime | None = None
        self.ended = False

    @rule(seconds=st.one_of(st.integers(0, 90), st.integers(0, 20 * 24 * 3600)))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: not self.ended)
    @rule(age=st.integers(0, 3))
    def refresh(self, age: int) -> None:
        """Use the newest token, the one before, or an older one."""
        token = self.tokens[max(0, len(self.tokens) - 1 - age)]
        place = len(self.tokens) - 1 - self.tokens.index(token)
        over = self.now >= from_text(self.session.expires_at)
        just = self.replaced_at is not None and self.now < self.replaced_at + rules.GRACE
        nonce = secrets.token_bytes(rules.SECRET_BYTES)
        try:
            got = rules.refresh(self.session, rules.read_token(token), HOME, nonce, self.now)
        except NotSignedIn:
            assert over
            self.ended = True
        except rules.Reused:
            assert not over
            assert place > 1 or (place == 1 and not just)
            self.ended = True
        else:
            assert not over
            self.taken(place, got, just=just)

    def taken(self, place: int, got: rules.Refreshed, *, just: bool) -> None:
        if place == 0:
            assert got.token not in self.tokens
            self.tokens.append(got.token)
            self.session, self.replaced_at = got.session, self.now
            return
        assert place == 1
        assert just
        assert got.token == self.tokens[-1]  # the same successor, and nothing changed
        assert got.session == self.session

    @invariant()
    def ends_in_time(self) -> None:
        ends = from_text(self.session.expires_at)
        assert ends <= BEGAN + rules.LONGEST_SESSION
        assert ends <= from_text(self.session.seen_at) + rules.REFRESH_LIFE

    @invariant()
    def keeps_no_token(self) -> None:
        assert not any(token.partition(".")[2] in str(self.session) for token in self.tokens)


TestSignIn = SignIn.TestCase
TestSignIn.settings = settings(max_examples=examples(60), stateful_step_count=25)
