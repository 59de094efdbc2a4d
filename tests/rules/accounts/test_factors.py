"""Codes of an app, counts of passkeys, and what is left of second factors."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyotp.totp import TOTP

from quadrangle.accounts.model import Account, Method, Place
from quadrangle.accounts.own import factor_rules, passkey_rules
from quadrangle.accounts.own.factor_rules import FRESH, FactorChange
from quadrangle.accounts.own.passkey_model import Passkey
from quadrangle.accounts.secrets import totp
from quadrangle.accounts.tokens.session_rules import begin, carry_on
from quadrangle.kernel.errors import Conflict, Forbidden
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal, Role

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ACCOUNT = Account(new_id(), "bo@campus.example", "Bo", Role.STAFF, "2026-01-01T00:00:00.000Z")
BO = Principal("Bo", Role.STAFF, ACCOUNT.account_id, origin="192.0.2.1")
STAFF = frozenset({Role.STAFF, Role.ADMIN})

instants = st.datetimes(datetime(2026, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))


@given(instants, st.integers(-12, 12))
def test_codes_are_right_for_a_minute_either_way_and_tell_their_step(now, steps_off):
    step = int(now.timestamp()) // totp.STEP_S + steps_off
    found = totp.step_of(SECRET, TOTP(SECRET).generate_otp(step), now)
    if abs(steps_off) <= totp.STEPS_AROUND:
        assert found is not None
        assert found >= step  # a later step may have the same code
    else:
        assert found is None or found != step


@given(instants, st.text(max_size=8))
def test_whatever_else_is_typed_is_wrong(now, typed):
    present = int(now.timestamp()) // totp.STEP_S
    around = range(present - totp.STEPS_AROUND, present + totp.STEPS_AROUND + 1)
    right = {TOTP(SECRET).generate_otp(step) for step in around}
    assert (totp.step_of(SECRET, typed, now) is not None) == (typed in right)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "١٢٣٤٥٦", "12 456", "-12345"])
def test_what_is_no_six_digits_is_wrong(typed):
    assert totp.step_of(SECRET, typed, NOW) is None


def passkey(sign_count: int) -> Passkey:
    return Passkey("key", ACCOUNT.account_id, "Laptop", "", sign_count, (), ACCOUNT.created_at)


@given(st.lists(st.integers(0, 2**32 - 1), max_size=20))
def test_a_count_only_grows_or_is_never_told(counts):
    kept = passkey(0)
    for count in counts:
        before = kept.sign_count
        try:
            kept = passkey_rules.use(kept, count, NOW)
        except passkey_rules.Cloned:
            assert count <= before
            assert (before, count) != (0, 0)
        else:
            assert count > before or (count, before) == (0, 0)
            assert kept.sign_count == count


@given(st.booleans(), st.sampled_from(FactorChange), st.integers(1, 5))
def test_every_change_of_factors_ends_what_was_signed_in_before(left, what, epoch):
    account = msgspec.structs.replace(ACCOUNT, epoch=epoch, two_factor=not left)
    changed, facts = factor_rules.change_factors(account, account, what, BO, NOW, left=left)
    assert (changed.epoch, changed.two_factor) == (epoch + 1, left)
    assert [(fact.kind, fact.data) for fact in facts] == [
        ("account.second-factor-changed", {"what": what.value})
    ]
    assert (facts[0].actor_id, facts[0].origin) == (ACCOUNT.account_id, "192.0.2.1")


@given(st.integers(1, 3), st.integers(1, 3))
def test_who_decides_by_factors_that_have_changed_is_refused(epoch, seen):
    account, before = (msgspec.structs.replace(ACCOUNT, epoch=each) for each in (epoch, seen))

    def change():
        what = FactorChange.TOTP_REMOVED
        return factor_rules.change_factors(account, before, what, BO, NOW, left=False)

    if epoch == seen:
        assert change()[0].epoch == epoch + 1
        return
    with pytest.raises(Conflict):
        change()


@given(st.sampled_from(Role), st.booleans(), st.sampled_from([frozenset(), STAFF]))
def test_the_last_factor_stays_where_the_role_needs_one(role, left, factor_roles):
    account = msgspec.structs.replace(ACCOUNT, role=role)
    if not left and role in factor_roles:
        with pytest.raises(Conflict):
            factor_rules.require_left(account, factor_roles, left=left)
    else:
        factor_rules.require_left(account, factor_roles, left=left)


def session_at(began: datetime):
    place = Place("192.0.2.1")
    return begin(
        new_id(), ACCOUNT, ACCOUNT.account_id, Method.OIDC, place, b"0" * 32, began
    ).session


@given(st.integers(0, 3600))
def test_a_sign_in_is_fresh_for_ten_minutes(age_s):
    session = session_at(NOW - timedelta(seconds=age_s))
    if age_s < FRESH.total_seconds():
        factor_rules.require_fresh(session, NOW)
    else:
        with pytest.raises(Forbidden):
            factor_rules.require_fresh(session, NOW)


def test_without_a_sign_in_nothing_is_fresh():
    with pytest.raises(Forbidden):
        factor_rules.require_fresh(None, NOW)


@given(st.integers(1, 5))
def test_a_sign_in_goes_on_into_the_next_epoch_only(epoch):
    session = session_at(NOW)
    carried = carry_on(session, epoch)
    assert carried.epoch == (2 if epoch == 2 else 1)
    assert msgspec.structs.replace(carried, epoch=1) == session
