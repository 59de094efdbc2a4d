"""What the audit keeps of changes, and that its chain tells of every change made to it."""

import secrets
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.audit.rules import (
    KEY_BYTES,
    AuditRecord,
    Head,
    Walk,
    chained,
    hash_of,
)
from quadrangle.hosts.one_machine.services import RECORDING
from quadrangle.kernel.change import Change

KEY = secrets.token_bytes(KEY_BYTES)
AT = "2026-11-21T09:30:00.000Z"
ADA = "6a2f41a3-c54c-fce8-32d2-0324e1c32e22"


def change(kind: str = "account.signed-in", seq: int = 1, **fields: Any) -> Change:
    given: dict[str, Any] = {"subject": ADA, "data": {}, "actor": "Ada", "at": AT, **fields}
    return Change(kind=kind, seq=seq, **given)


def chain(*changes: Change) -> list[AuditRecord]:
    head, records = Head(), []
    for each in changes:
        records.append(chained(RECORDING.draft(each), head, KEY))
        head = Head(records[-1].seq, records[-1].hash)
    return records


def problems(records: list[AuditRecord], key: bytes = KEY) -> list[str]:
    walk = Walk(key)
    return [sentence for record in records for sentence in walk.step(record)]


# -- what is kept -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (change("issue.reported", actor="Reporter"), False),
        (change("issue.replied", actor="Staff (PIN)"), False),  # a reporter may say so
        (change("issue.status-changed", actor="Quadrangle"), False),
        (change("issue.status-changed", actor_id=ADA), True),
        (change("issue.status-changed", actor="Staff (PIN)", origin="192.0.2.1"), True),
        (change("issue.reported", actor="API key Sensors", origin="192.0.2.1"), True),
        (change("account.sign-in-failed", actor="Someone"), True),
        (change("account.created", actor="Command line"), True),
        (change("api-key.revoked"), True),
        (change("issue-catalog.changed"), True),
        (change("audit.exported"), True),
    ],
)
def test_what_someone_signed_in_did_is_kept_and_what_anyone_did_is_not(told, kept):
    assert RECORDING.matters(told) is kept


def details(told: Change) -> Any:
    return msgspec.json.decode(RECORDING.draft(told).details)


def test_details_name_nobody():
    named = {"field": "name", "old": "Ada", "new": "Ada Lovelace"}
    assert details(change("account.changed", data=named)) == {"field": "name"}
    role = {"field": "role", "old": "student", "new": "staff"}
    assert details(change("account.changed", data=role)) == role
    told = {"method": "password", "email": "ada@campus.example", "token": "x"}
    assert details(change("account.sign-in-failed", data=told)) == {"method": "password"}
    assert details(change("meeting.scheduled", data={"student": "Ada"})) == {}
    record = RECORDING.draft(change(actor_id=ADA))
    assert (record.actor, record.actor_id) == ("", ADA)


def test_of_settings_the_changed_fields_are_told():
    old = {"version": 1, "campusName": "North", "locations": ["Hall"]}
    data = {"old": old, "new": {**old, "version": 2, "campusName": "South"}}
    assert details(change("issue-catalog.changed", data=data)) == {"fields": ["campusName"]}


# -- the chain ----------------------------------------------------------------------------------

TEXTS = st.text(max_size=20)
CHANGES = st.lists(
    st.builds(
        Change,
        kind=st.sampled_from(["account.signed-in", "account.changed", "issue.assigned"]),
        subject=TEXTS,
        data=st.dictionaries(st.sampled_from(["field", "old", "new", "method"]), TEXTS),
        actor=TEXTS,
        at=st.just(AT),
        actor_id=st.none() | TEXTS,
        origin=TEXTS,
        seq=st.integers(1, 2**53),
    ),
    min_size=1,
    max_size=6,
)
OTHER_VALUES = {int: st.integers(-(2**53), 2**53), str: TEXTS, type(None): TEXTS}


@given(CHANGES)
def test_a_chain_that_nobody_touched_holds(changes):
    assert problems(chain(*changes)) == []


@given(CHANGES, st.data())
def test_any_change_of_any_field_of_any_record_is_found(changes, data):
    records = chain(*changes)
    place = data.draw(st.integers(0, len(records) - 1))
    name = data.draw(st.sampled_from(AuditRecord.__struct_fields__))
    before = getattr(records[place], name)
    other = OTHER_VALUES[type(before)]
    if name in ("actor_id", "origin"):
        other |= st.none()
    after = data.draw(other.filter(lambda value: value != before))
    records[place] = msgspec.structs.replace(records[place], **{name: after})
    found = problems(records)
    assert any(f"record {records[place].seq} " in sentence for sentence in found)


@given(CHANGES, st.data())
def test_a_removed_record_is_found_unless_it_was_the_last(changes, data):
    records = chain(*changes, change())
    place = data.draw(st.integers(0, len(records) - 2))
    del records[place]
    assert any(f"{place + 1} was removed" in sentence for sentence in problems(records))


@given(CHANGES, st.data())
def test_records_that_changed_places_are_found(changes, data):
    records = chain(*changes, change(seq=2**53))
    one = data.draw(st.integers(0, len(records) - 2))
    other = data.draw(st.integers(one + 1, len(records) - 1))
    first, second = records[one], records[other]
    records[one] = msgspec.structs.replace(second, seq=first.seq)
    records[other] = msgspec.structs.replace(first, seq=second.seq)
    assert problems(records)


def test_a_chain_made_with_another_key_does_not_hold():
    assert len(problems(chain(change(), change(seq=2)), secrets.token_bytes(KEY_BYTES))) == 2


def test_fields_do_not_run_into_each_other():
    one = RECORDING.draft(change(subject="ab", actor="c"))
    other = RECORDING.draft(change(subject="a", actor="bc"))
    assert hash_of(one, "", KEY) != hash_of(other, "", KEY)


# -- beside the changes -------------------------------------------------------------------------


def test_a_record_is_what_its_change_was():
    told = change("account.changed", data={"field": "role", "old": "staff", "new": "admin"})
    (record,) = chain(told)
    assert RECORDING.compared(record, told) == []
    assert RECORDING.compared(record, None) == [
        "Audit record 1 tells of change 1, which is not there."
    ]
    other = msgspec.structs.replace(told, actor="Bo")
    assert RECORDING.compared(record, other) == ["Audit record 1 is not what change 1 was."]
