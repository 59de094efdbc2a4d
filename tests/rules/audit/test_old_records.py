"""Records that are written already are checked by what services declare today: it must still say
what the record of each change holds."""

import pytest

from quadrangle.audit.rules import Head, Recording, chained
from quadrangle.hosts.lambdas import services as on_aws
from quadrangle.hosts.one_machine import services as here
from quadrangle.kernel.change import Change
from quadrangle.kernel.declaration import AuditDetails

AT = "2026-11-21T09:30:00.000Z"
ACCOUNT = {"method": "m", "role": "r", "state": "s", "what": "w", "issuer": "i", "problem": "p"}
VALUE = {"field": "role", "old": "a", "new": "b"}
KEY = {"scopes": ["x"], "plan": "basic", "expiresAt": None}
OTHERS = {"status": "OPEN", "by": "staff", "photoId": "ph", "function": "f", "everywhere": True}
PERSONAL = {"email": "ada@campus.example", "name": "Ada", "token": "t", "entryId": "e"}
EVERYTHING = {**ACCOUNT, **VALUE, **KEY, **OTHERS, **PERSONAL}
SIGN_IN = (
    '{"everywhere":true,"issuer":"i","method":"m","problem":"p","role":"r","state":"s","what":"w"}'
)
CHANGED = '{"field":"role","new":"b","old":"a"}'

# What release 0.1.0 wrote of a change of each kind whose data is EVERYTHING.
WRITTEN = {
    "account.signed-in": SIGN_IN,
    "account.created": SIGN_IN,
    "account.changed": CHANGED,
    "api-key.created": '{"expiresAt":null,"plan":"basic","scopes":["x"]}',
    "api-key.revoked": "{}",
    "issue.reported": '{"status":"OPEN"}',
    "issue.edited": '{"field":"role"}',
    "issue.status-changed": CHANGED,
    "issue.priority-changed": CHANGED,
    "issue.assigned": CHANGED,
    "issue.linked": CHANGED,
    "issue.replied": '{"by":"staff"}',
    "issue.noted": "{}",
    "issue.photo-added": '{"photoId":"ph"}',
    "issue.photo-removed": '{"photoId":"ph"}',
    "issue.exported": "{}",
    "job.requeued": '{"function":"f"}',
    "job.deleted": '{"function":"f"}',
    "mail.resent": "{}",
    "audit.exported": "{}",
}
# The hash of the last, all in one chain under the key b"k" * 32.
LAST_HASH = "fccfa1fe3b9b37da98835497379db47c493c387fac9c32ed050e150e59782604"


def change(kind: str, seq: int = 1) -> Change:
    return Change(kind, "subject", EVERYTHING, "Ada", AT, "account-1", "192.0.2.1", seq)


@pytest.mark.parametrize("recording", [here.RECORDING, on_aws.RECORDING])
def test_records_written_before_hold_what_they_would_today(recording: Recording):
    head = Head()
    for seq, (kind, details) in enumerate(WRITTEN.items(), start=1):
        told = change(kind, seq)
        record = chained(recording.draft(told), head, b"k" * 32)
        assert record.details == details, kind
        assert recording.compared(record, told) == []
        head = Head(record.seq, record.hash)
    assert head.hash == LAST_HASH


def test_two_services_cannot_speak_for_one_kind():
    one = AuditDetails(names={"issue.edited": ("field",)})
    with pytest.raises(ValueError, match=r"issue\.edited"):
        Recording([one, one])


def test_both_wings_know_the_same_services():
    assert here.DECLARED == on_aws.DECLARED
