"""API keys on each kind of store: made, used, revoked."""

from datetime import timedelta

import pytest

from quadrangle.accounts.api_keys.rules import NewKey, Plan
from quadrangle.issues.declared import READ, REPORT
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import (
    Forbidden,
    InvalidInput,
    NotFound,
    NotSignedIn,
    TooManyRequests,
)
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import ANYONE, Principal, Role
from tests.account_desk import Desk

SENSORS = NewKey("Sensors", (REPORT.name, READ.name), Plan.BASIC)
STAFF = Principal("Bo", Role.STAFF, new_id())


async def test_a_key_does_what_its_scopes_name(desk: Desk, other: Desk):
    admin = await desk.open()
    key, sent = await desk.service.api_keys.make(SENSORS, admin)
    assert sent.startswith("qk_")
    machine = await other.service.authentication.authenticate_key(sent, "issues:read")
    assert machine.principal == Principal(
        "API key Sensors", Role.STAFF, scopes=frozenset({REPORT.name, READ.name})
    )
    assert machine.per_hour == 100
    reporter = await desk.service.authentication.authenticate_key(sent, "issues:report")
    assert reporter.principal.role is Role.STUDENT
    for scope in ("issues:write", "statistics:read", None):
        with pytest.raises(Forbidden):
            await desk.service.authentication.authenticate_key(sent, scope)
    assert [k.api_key_id for k in await other.service.api_keys.list(admin)] == [key.api_key_id]


async def test_what_is_kept_opens_nothing(desk: Desk):
    admin = await desk.open()
    key, sent = await desk.service.api_keys.make(SENSORS, admin)
    secret = sent.split("_", 2)[2]
    assert secret not in repr(await desk.parts.api_keys.list())
    assert secret not in repr(await desk.changes())
    assert key.name not in repr([c for c in await desk.changes() if c.kind == "api-key.created"])


async def test_wrong_revoked_and_expired_keys_are_refused_alike(desk: Desk, other: Desk, clock):
    admin = await desk.open()
    key, sent = await desk.service.api_keys.make(SENSORS, admin)
    ending = NewKey("Short", (READ.name,), Plan.BASIC, to_text(clock.now() + timedelta(days=1)))
    _, short = await desk.service.api_keys.make(ending, admin)
    await desk.service.api_keys.revoke(key.api_key_id, admin)
    await desk.service.api_keys.revoke(key.api_key_id, admin)  # which changes nothing
    clock.advance(timedelta(days=1))
    unknown = f"qk_{new_id().replace('-', '')}_{sent.split('_', 2)[2]}"
    tries = [sent, short, unknown, short[:-1] + "!", "qk_", "qk_abc_def", "", short.upper()]
    told = set()
    for wrong in tries:
        with pytest.raises(NotSignedIn) as refused:
            await other.service.authentication.authenticate_key(wrong, "issues:read")
        told.add(refused.value.message)
    assert len(told) == 1
    kinds = [kind for kind in await desk.kinds() if kind.startswith("api-key.")]
    assert kinds == ["api-key.created", "api-key.created", "api-key.revoked"]


async def test_use_is_noted_once_an_hour(desk: Desk, clock):
    admin = await desk.open()
    _, sent = await desk.service.api_keys.make(SENSORS, admin)
    first = to_text(clock.now())
    used = []
    for minutes in (0, 59, 1):
        clock.advance(timedelta(minutes=minutes))
        await desk.service.authentication.authenticate_key(sent, "issues:read")
        used += [key.used_at for key in await desk.parts.api_keys.list()]
    assert used == [first, first, to_text(clock.now())]


async def test_an_earlier_use_does_not_replace_a_later_one(desk: Desk, clock):
    admin = await desk.open()
    key, _ = await desk.service.api_keys.make(SENSORS, admin)
    await desk.parts.api_keys.note_use(key.api_key_id, "2026-11-21T10:00:00.000Z")
    await desk.parts.api_keys.note_use(key.api_key_id, "2026-11-21T09:00:00.000Z")
    await desk.parts.api_keys.note_use(new_id(), "2026-11-21T09:00:00.000Z")
    (kept,) = await desk.parts.api_keys.list()
    assert kept.used_at == "2026-11-21T10:00:00.000Z"


async def test_a_plan_ends_and_the_wait_is_told(desk: Desk):
    admin = await desk.open()
    _, sent = await desk.service.api_keys.make(SENSORS, admin)
    _, unhindered = await desk.service.api_keys.make(SENSORS, admin)
    allowed = 0
    while allowed <= Plan.BASIC.per_hour:
        try:
            await desk.service.authentication.authenticate_key(sent, "issues:read")
        except TooManyRequests as error:
            assert 0 < error.retry_after_s <= 3600
            break
        allowed += 1
    assert 0 < allowed <= Plan.BASIC.per_hour
    await desk.service.authentication.authenticate_key(unhindered, "issues:read")


async def test_only_administrators_keep_keys(desk: Desk):
    admin = await desk.open()
    key, _ = await desk.service.api_keys.make(SENSORS, admin)
    for actor, error in ((STAFF, Forbidden), (ANYONE, NotSignedIn)):
        with pytest.raises(error):
            await desk.service.api_keys.list(actor)
        with pytest.raises(error):
            await desk.service.api_keys.make(SENSORS, actor)
        with pytest.raises(error):
            await desk.service.api_keys.revoke(key.api_key_id, actor)
    for unknown in (new_id(), "nonsense"):
        with pytest.raises(NotFound):
            await desk.service.api_keys.revoke(unknown, admin)


@pytest.mark.parametrize(
    ("wanted", "fields"),
    [
        (NewKey(" ", (), Plan.HIGH), ["name", "scopes"]),
        (NewKey("x", (READ.name, "issues:nothing"), Plan.HIGH), ["scopes"]),
        (NewKey("x" * 61, (READ.name,), Plan.HIGH), ["name"]),
        (NewKey("x", (READ.name,), Plan.HIGH, "tomorrow"), ["expiresAt"]),
        (NewKey("x", (READ.name,), Plan.HIGH, "2027-01-31T12:00:00"), ["expiresAt"]),
        (NewKey("x", (READ.name,), Plan.HIGH, "2020-01-31T12:00:00Z"), ["expiresAt"]),
    ],
)
async def test_what_cannot_be_used_is_named(desk: Desk, wanted, fields):
    admin = await desk.open()
    with pytest.raises(InvalidInput) as refused:
        await desk.service.api_keys.make(wanted, admin)
    assert [error.field for error in refused.value.errors] == fields
