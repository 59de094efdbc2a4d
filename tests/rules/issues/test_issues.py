"""Decisions about issues hold for any input."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from quadrangle.issues import rules
from quadrangle.issues.catalog_rules import check_catalog
from quadrangle.issues.model import DEFAULT_CATALOG, Catalog, Issue, IssueType, Priority, Status
from quadrangle.issues.rules import IssueEdit, NewReport
from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.errors import Conflict, InvalidInput
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import ANYONE, Principal, Role

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
STAFF = Principal("Staff member", Role.STAFF, "account-1")
texts = st.text(max_size=120)


def reported(**fields) -> Issue:
    new = NewReport(**{"issue_type": "Network", "location": "Library", "description": "x"} | fields)
    return rules.report(new, new_id(), DEFAULT_CATALOG, ANYONE, NOW)[0]


@given(texts, texts, st.text(max_size=6000), st.none() | texts, st.none() | texts)
def test_a_report_is_either_clean_or_refused_by_field(kind, place, what, email, name):
    new = NewReport(kind, place, what, email, name)
    try:
        issue, facts = rules.report(new, new_id(), DEFAULT_CATALOG, ANYONE, NOW)
    except InvalidInput as error:
        fields = {"issueType", "location", "description", "email", "name"}
        assert error.errors
        assert {fault.field for fault in error.errors} <= fields
        assert all(fault.message.endswith(".") for fault in error.errors)
        return
    assert 1 <= len(issue.issue_type) <= 100
    assert 1 <= len(issue.location) <= 100
    assert 1 <= len(issue.description) <= 5000
    assert "\x00" not in issue.issue_type + issue.location + issue.description
    assert "\n" not in issue.issue_type + issue.location
    assert issue.description == what.strip()
    assert [fact.kind for fact in facts] == ["issue.reported"]


def test_every_faulty_field_is_named_at_once():
    with pytest.raises(InvalidInput) as caught:
        reported(issue_type=" ", location="x" * 101, description="a\x00b", email="nobody")
    assert [fault.field for fault in caught.value.errors] == [
        "issueType",
        "location",
        "description",
        "email",
    ]


@pytest.mark.parametrize(
    "email",
    [
        "a@b",
        "a b@c.de",
        "a@b..de",
        "@b.de",
        "a@.de",
        "a@b.de\r\nBcc: x@y.zz",
        "a@b.de,c@d.ef",
        "<a@b.de>",
        "x" * 250 + "@b.de",
    ],
)
def test_addresses_mail_cannot_go_to_are_refused(email):
    with pytest.raises(InvalidInput):
        reported(email=email)


def test_a_type_without_a_target_of_its_own_has_that_of_other():
    assert reported(issue_type="Security").due_at == to_text(NOW + timedelta(hours=8))
    assert reported(issue_type="Flying saucer").due_at == to_text(NOW + timedelta(hours=96))


def test_repeating_the_present_state_decides_nothing():
    issue = reported()
    same = IssueEdit(status=Status.OPEN, priority=Priority.NORMAL, location=" Library ")
    assert rules.edit(issue, same, DEFAULT_CATALOG, STAFF, NOW) == (issue, [])


@given(st.sampled_from(Status), st.sampled_from(Status))
def test_every_status_may_follow_every_other(first, second):
    assume(first is not second)
    issue = msgspec.structs.replace(reported(), status=first)
    moved, facts = rules.edit(issue, IssueEdit(status=second), DEFAULT_CATALOG, STAFF, NOW)
    assert moved.status is second
    assert [(f.kind, f.data["old"], f.data["new"]) for f in facts] == [
        ("issue.status-changed", first, second)
    ]


def test_links_never_chain_and_never_circle():
    a, b = reported(), reported()
    c = msgspec.structs.replace(reported(), duplicate_of=a.issue_id)
    rules.require_original(b, a)
    for original in (b, c):
        with pytest.raises(InvalidInput):
            rules.require_original(b, original)
    with pytest.raises(InvalidInput):
        rules.edit(a, IssueEdit(duplicate_of=a.issue_id), DEFAULT_CATALOG, STAFF, NOW)
    with pytest.raises(Conflict):
        rules.require_no_duplicates(has_duplicates=True)


def test_a_reporter_is_shown_by_the_name_they_gave():
    _, entry, facts = rules.comment(reported(name="Ada"), "e", "reply", "Hi", ANYONE, NOW)
    assert (entry.author_name, entry.author_role, facts[0].actor) == ("Ada", "reporter", "Ada")


def test_a_note_does_not_count_as_a_reply():
    issue = reported()
    noted, entry, _ = rules.comment(issue, "e", "note", "Look", STAFF, NOW)
    assert (noted.reply_count, entry.kind) == (0, "note")


def test_a_resolved_issue_is_open_again_when_its_reporter_replies():
    done, _ = rules.edit(reported(), IssueEdit(Status.RESOLVED), DEFAULT_CATALOG, STAFF, NOW)
    opened, _, facts = rules.comment(done, "e", "reply", "It still drips", ANYONE, NOW)
    assert (opened.status, opened.resolved_at, opened.reply_count) == (Status.OPEN, None, 1)
    assert [fact.kind for fact in facts] == ["issue.replied", "issue.status-changed"]
    assert facts[1].data == {"field": "status", "old": Status.RESOLVED, "new": Status.OPEN}
    for kind in ("reply", "note"):
        assert rules.comment(done, "e", kind, "Done", STAFF, NOW)[0].status is Status.RESOLVED


def test_instants_of_an_issue_never_go_back_with_the_clock():
    back = NOW - timedelta(hours=1)
    done, facts = rules.edit(reported(), IssueEdit(Status.RESOLVED), DEFAULT_CATALOG, STAFF, back)
    assert done.resolved_at == done.updated_at == facts[0].at == to_text(NOW)
    _, entry, facts = rules.comment(done, "e", "reply", "x", ANYONE, back)
    assert entry.at == facts[0].at == to_text(NOW)
    later = to_text(NOW + timedelta(hours=1))
    assert rules.comment(done, "e", "note", "x", STAFF, NOW, later)[1].at == later


def test_there_is_a_most_of_photos():
    full = msgspec.structs.replace(reported(), photo_count=rules.MAX_PHOTOS)
    with pytest.raises(Conflict):
        rules.require_room_for_photo(full)


@pytest.mark.parametrize(
    ("catalog", "field"),
    [
        (Catalog("", (IssueType("A", 1),), ("B",)), "campusName"),
        (Catalog("C", (), ("B",)), "issueTypes"),
        (Catalog("C", (IssueType("A", 0),), ("B",)), "issueTypes.0.targetHours"),
        (Catalog("C", (IssueType("A"), IssueType("a")), ("B",)), "issueTypes.1"),
        (Catalog("C", (IssueType("A"),), ()), "locations"),
        (Catalog("C", (IssueType("A"),), ("B", " b ")), "locations.1"),
        (Catalog("C", (IssueType("A"),), ("B", "")), "locations.1"),
    ],
)
def test_a_catalog_that_forms_could_not_show_is_refused(catalog, field):
    with pytest.raises(InvalidInput) as caught:
        check_catalog(catalog)
    assert field in {fault.field for fault in caught.value.errors}


def catalog_of(places: tuple[str, ...]) -> Catalog:
    return Catalog("Campus", (IssueType("Network", 24),), places)


def test_a_catalog_that_no_store_could_keep_is_refused_in_a_sentence():
    names = tuple(f"{n:04}" + "\U0001f3eb" * 96 for n in range(1_000))
    with pytest.raises(InvalidInput) as caught:
        check_catalog(catalog_of(names))
    (fault,) = caught.value.errors
    assert fault.field == "locations"
    assert fault.message.endswith(".")
    assert check_catalog(catalog_of(names[:400])).locations == names[:400]


def test_a_thousand_names_of_full_length_are_a_catalog():
    names = tuple(f"{n:04}" + "x" * 96 for n in range(1_000))
    assert check_catalog(catalog_of(names)).locations == names


edits = st.builds(
    IssueEdit,
    status=st.sampled_from(Status) | st.just(msgspec.UNSET),
    priority=st.sampled_from(Priority) | st.just(msgspec.UNSET),
    issue_type=st.sampled_from(["Network", "Security", "Odd"]) | st.just(msgspec.UNSET),
    assignee_id=st.sampled_from(["account-1", "account-2", None]) | st.just(msgspec.UNSET),
)


class IssueLife(RuleBasedStateMachine):
    """Whatever staff does to an issue, its fields stay true to one another and to its facts."""

    @initialize()
    def report(self) -> None:
        self.now = NOW
        self.issue = reported()
        self.written = 1

    @rule(edit=edits, minutes=st.integers(-1_000, 10_000))
    def edit(self, edit, minutes) -> None:
        self.now += timedelta(minutes=minutes)
        before = self.issue
        self.issue, facts = rules.edit(before, edit, DEFAULT_CATALOG, STAFF, self.now)
        if facts:
            self.written += 1
        replayed = before
        for fact in facts:
            name = {"issueType": "issue_type", "assigneeId": "assignee_id"}.get(
                fact.data["field"], fact.data["field"]
            )
            assert getattr(before, name) == fact.data["old"] != fact.data["new"]
            replayed = msgspec.structs.replace(replayed, **{name: fact.data["new"]})
        for name in ("status", "priority", "issue_type", "assignee_id"):
            assert getattr(self.issue, name) == getattr(replayed, name)

    @rule(kind=st.sampled_from(["reply", "note"]), actor=st.sampled_from([STAFF, ANYONE]))
    def comment(self, kind, actor) -> None:
        self.issue, _, facts = rules.comment(self.issue, new_id(), kind, "text", actor, self.now)
        assert facts[0].kind in ("issue.replied", "issue.noted")
        self.written += 1

    @invariant()
    def instants_are_in_order(self) -> None:
        resolved_at = self.issue.resolved_at or self.issue.created_at
        assert self.issue.created_at <= resolved_at <= self.issue.updated_at

    @invariant()
    def resolved_has_its_time_and_nothing_else_has(self) -> None:
        assert (self.issue.resolved_at is not None) == (self.issue.status is Status.RESOLVED)

    @invariant()
    def the_version_counts_the_writes(self) -> None:
        assert self.issue.version == self.written

    @invariant()
    def due_follows_the_type(self) -> None:
        hours = DEFAULT_CATALOG.target_hours(self.issue.issue_type)
        assert hours is not None
        due = from_text(self.issue.created_at) + timedelta(hours=hours)
        assert self.issue.due_at == to_text(due)


TestIssueLife = IssueLife.TestCase
