"""What can be scheduled, where links may lead, and who may do what."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Forbidden, InvalidInput, NotFound, NotSignedIn
from quadrangle.kernel.principal import ANYONE, Principal, Role
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.policy_model import MeetingAddresses, MeetingRights
from quadrangle.meetings.scheduling import rules as scheduling_rules
from quadrangle.meetings.scheduling.address_rules import origin_of, page_of, with_query
from quadrangle.meetings.scheduling.rules import MANAGE_SCOPE, NewMeeting
from quadrangle.meetings.scope_model import SCHEDULE_SCOPE
from tests.rules.meetings.made import NOW, POLICY, meeting

ADDRESSES = MeetingAddresses("https://campus.example", ("http://lessons.example:8080",))
TEACHER = Principal("Ms Byron", Role.TEACHER, "account-1")
NEW = NewMeeting("Ms Byron", "Ada", "2026-11-22T09:30:00Z", "https://campus.example/meeting")


def scheduled(addresses: MeetingAddresses = ADDRESSES, **fields) -> Meeting:
    new = msgspec.structs.replace(NEW, **fields)
    return scheduling_rules.schedule(new, "id-1", addresses, TEACHER, NOW, POLICY)[0]


def faults_of(**fields) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        scheduled(**fields)
    return [fault.field for fault in caught.value.errors]


@given(st.text(max_size=120), st.text(max_size=120), st.text(max_size=60), st.text(max_size=80))
def test_a_meeting_is_either_clean_or_refused_by_field(teacher, student, meet_time, page):
    new = NewMeeting(teacher, student, meet_time, page, minutes=len(page) * 9)
    try:
        scheduling_rules.schedule(new, "id-1", ADDRESSES, TEACHER, NOW, POLICY)
    except InvalidInput as error:
        assert error.errors
        assert all(fault.message.endswith((".", "?")) for fault in error.errors)


def test_every_faulty_field_is_named_at_once():
    assert faults_of(
        teacher_name=" ",
        student_name="x" * 101,
        minutes=3,
        frontend_base_url="javascript:alert(1)",
        meet_time="tomorrow",
    ) == ["teacher_name", "student_name", "minutes", "frontend_base_url", "meet_time"]


def test_a_day_in_the_past_is_the_edge():
    at_once = scheduled(meet_time=to_text(NOW - timedelta(hours=24)))
    assert at_once.begins == to_text(NOW)
    assert faults_of(meet_time=to_text(NOW - timedelta(hours=24, milliseconds=1))) == ["meet_time"]


@pytest.mark.parametrize("meet_time", ["1815-12-10T12:00:00Z", "9998-01-01T00:00:00Z"])
def test_absurd_times_are_refused(meet_time: str):
    assert faults_of(meet_time=meet_time) == ["meet_time"]


@pytest.mark.parametrize("minutes", [-5, 0, 4, 241, 10**12])
def test_absurd_lengths_are_refused(minutes: int):
    assert faults_of(minutes=minutes) == ["minutes"]


def test_the_room_is_jitsis_or_our_own():
    assert scheduled().jitsi_url == "https://campus.example/room?id=id-1"
    jitsi = msgspec.structs.replace(ADDRESSES, jitsi_domain="meet.campus.example")
    assert scheduled(jitsi).jitsi_url == "https://meet.campus.example/id-1"


# -- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "https://campus.example",
        "https://campus.example/",
        "https://campus.example/a/b?c=d",
        "HTTPS://CAMPUS.EXAMPLE:443/meeting",
        "http://lessons.example:8080/index.html",
    ],
)
def test_links_lead_to_our_own_sites(address: str):
    assert scheduled(frontend_base_url=address).frontend_base_url == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "campus.example",
        "//campus.example",
        "/meeting",
        "javascript:alert(1)",
        "JaVaScRiPt://campus.example/%0aalert(1)",
        "data:text/html,x",
        "http://campus.example",
        "https://campus.example:8443",
        "https://campus.example.evil.example",
        "https://evil.example/?https://campus.example",
        "https://campus.example@evil.example",
        "https://campus.example:x@evil.example",
        "https://evil.example\\@campus.example",
        "https://evil.example\\.campus.example",
        "https://campus.example\t.evil.example",
        "https:// campus.example",
        "https://campus.example/\r\nSet-Cookie: x",
        "https://cämpus.example",
        "https://[::1",
        "https://campus.example:99999",
        "https:campus.example",
        "https://campus.example/#",
        "https://campus.example/meeting#top",
        "https:///campus.example",
        "https://campus.example/" + "x" * 600,
    ],
)
def test_links_lead_nowhere_else(address: str):
    assert faults_of(frontend_base_url=address) == ["frontend_base_url"]


@given(st.text(max_size=60))
def test_any_text_is_an_address_of_ours_or_refused(text: str):
    try:
        page = page_of(text, frozenset({"https://campus.example:443"}))
    except InvalidInput:
        return
    assert page.lower().startswith("https://campus.example")


def test_origins_are_compared_whole():
    assert origin_of("https://A.example") == origin_of("https://a.example:443/b")
    assert origin_of("http://a.example") != origin_of("https://a.example")
    assert origin_of("http://[::1]:8000/x") == "http://[::1]:8000"


def test_more_goes_behind_what_an_address_has():
    assert with_query("https://a.example", "id=1") == "https://a.example?id=1"
    assert with_query("https://a.example/?x=y", "id=1") == "https://a.example/?x=y&id=1"


# -- rights ---------------------------------------------------------------------------------------


def key(*scopes: str) -> Principal:
    return Principal("A machine", Role.STAFF, scopes=frozenset(scopes))


@pytest.mark.parametrize("role", [Role.TEACHER, Role.STAFF, Role.ADMIN])
def test_teachers_and_staff_schedule(role: Role):
    scheduling_rules.require_may_schedule(Principal("x", role, "a"), MeetingRights())
    scheduling_rules.require_may_schedule(key(SCHEDULE_SCOPE), MeetingRights())


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [
        (ANYONE, NotSignedIn),
        (Principal("x", Role.STUDENT, "a"), Forbidden),
        (key("issues:read"), Forbidden),
        (key(), Forbidden),
    ],
)
def test_others_do_not_unless_the_setting_says_so(actor: Principal, refusal):
    with pytest.raises(refusal):
        scheduling_rules.require_may_schedule(actor, MeetingRights())
    scheduling_rules.require_may_schedule(actor, MeetingRights(anyone_schedules=True))


MINE = meeting(teacher_id="t", student_id="s", created_by="c")


@pytest.mark.parametrize(
    ("actor", "side"),
    [
        (Principal("x", Role.TEACHER, "t"), None),
        (Principal("x", Role.TEACHER, "c"), None),
        (Principal("x", Role.STAFF, "other"), None),
        (Principal("x", Role.STAFF), None),  # by the PIN
        (ANYONE, MeetingRole.TEACHER),
        (key(MANAGE_SCOPE), None),
    ],
)
def test_a_meeting_is_its_teachers_and_staffs_to_manage(actor, side):
    scheduling_rules.require_may_manage(MINE, side, actor)


@pytest.mark.parametrize(
    ("actor", "side", "refusal"),
    [
        (ANYONE, None, NotSignedIn),
        (ANYONE, MeetingRole.STUDENT, Forbidden),
        (Principal("x", Role.STUDENT, "s"), None, Forbidden),
        (Principal("x", Role.STUDENT, "other"), None, NotFound),
        (Principal("x", Role.TEACHER, "other"), None, NotFound),
        (key("issues:read"), None, NotFound),
        (key(SCHEDULE_SCOPE), None, NotFound),
    ],
)
def test_and_nobody_elses(actor, side, refusal):
    with pytest.raises(refusal):
        scheduling_rules.require_may_manage(MINE, side, actor)


def test_nobody_is_the_teacher_of_a_meeting_without_one():
    nobodys = meeting()
    with pytest.raises(NotFound):
        scheduling_rules.require_may_manage(nobodys, None, Principal("x", Role.STUDENT))
