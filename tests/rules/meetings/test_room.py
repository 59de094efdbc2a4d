"""Who is in the video room, what may be sent there, and what lets browsers find each other."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.kernel.clock import ManualClock, to_text
from quadrangle.kernel.errors import Conflict, Gone, InvalidInput, NotFound, TooManyRequests
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.room import rules
from quadrangle.meetings.room.ice import IceSettings, ice_servers
from quadrangle.meetings.room.jitsi import JitsiRooms, JitsiSettings
from quadrangle.meetings.room.model import IceServer, Kind, Participant
from quadrangle.portable.rooms.jitsi_tokens import Hs256RoomTokens

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
AT = to_text(NOW)
TEACHER, STUDENT = MeetingRole.TEACHER, MeetingRole.STUDENT
MEETING = Meeting("m1", "Ada Ω", "Bo", AT, "2026-11-21T10:30", "Europe/Berlin", AT, AT, "", "")


def person(name: str, role: MeetingRole, **values) -> Participant:
    made = rules.enter(MEETING, role, name, values.pop("now", NOW))
    return Participant(**{**{f: getattr(made, f) for f in made.__struct_fields__}, **values})


@given(
    st.lists(
        st.tuples(st.sampled_from(list(MeetingRole)), st.integers(0, 3), st.booleans()),
        max_size=8,
    )
)
def test_of_each_side_only_the_last_page_to_come_is_inside(comings):
    known = [
        person(
            f"p{number}",
            role,
            now=NOW + timedelta(seconds=second),
            left_at=AT if left else None,
        )
        for number, (role, second, left) in enumerate(comings)
    ]
    for role in MeetingRole:
        mine = [each for each in known if each.role is role]
        last = max(mine, key=lambda each: (each.came_at, each.participant_id), default=None)
        for each in mine:
            if each is last and each.left_at is None:
                assert rules.require_inside(known, each.participant_id, role) == each
            else:
                with pytest.raises(Gone):
                    rules.require_inside(known, each.participant_id, role)


def test_nobody_acts_as_the_other_side():
    with pytest.raises(Gone):
        rules.require_inside([person("p1", STUDENT)], "p1", TEACHER)


def test_who_is_not_heard_of_is_not_present():
    known = [person("p1", STUDENT), person("p2", TEACHER, seen_at=to_text(NOW))]
    assert rules.present(known, NOW + timedelta(seconds=30)) == known
    assert rules.present(known, NOW + timedelta(seconds=36)) == []


def test_a_call_needs_somebody_to_be_called():
    with pytest.raises(Conflict):
        rules.message(MEETING, person("p1", STUDENT), None, Kind.OFFER, "{}", NOW)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Kind.OFFER, "x" * (rules.MAX_SIGNAL + 1)),
        (Kind.CHAT, "x" * (rules.MAX_CHAT + 1)),
        (Kind.CHAT, "  "),
        (Kind.CHAT, "a\0b"),
        (Kind.OFFER, "v=0\r\n\0"),
        (Kind.CANDIDATE, "\x1b[2J"),
    ],
)
def test_what_is_too_long_or_cannot_be_shown_is_refused(kind, data):
    with pytest.raises(InvalidInput):
        rules.message(MEETING, person("p1", STUDENT), person("p2", TEACHER), kind, data, NOW)


def test_a_description_is_sent_on_as_it_is():
    sides = person("p1", STUDENT), person("p2", TEACHER)
    for data in ("v=0\r\ns=-\r\n", ""):
        assert rules.message(MEETING, *sides, Kind.ANSWER, data, NOW).data == data


def test_calls_are_soon_forgotten_and_chats_kept_for_a_week():
    sides = person("p1", STUDENT), person("p2", TEACHER)
    call = rules.message(MEETING, *sides, Kind.CANDIDATE, "{}", NOW)
    chat = rules.message(MEETING, sides[0], None, Kind.CHAT, " Hello ", NOW)
    assert (call.recipient, call.until) == ("p2", to_text(NOW + rules.SIGNAL_LIFE))
    assert (chat.recipient, chat.data) == (None, "Hello")
    assert chat.until == to_text(NOW + timedelta(minutes=60) + rules.CHAT_KEPT_AFTER_END)


def test_no_mailbox_grows_without_end():
    rules.require_room_for(Kind.CANDIDATE, rules.MAX_WAITING - 1)
    for kind, waiting in ((Kind.CANDIDATE, rules.MAX_WAITING), (Kind.CHAT, rules.MAX_CHATS)):
        with pytest.raises(TooManyRequests):
            rules.require_room_for(kind, waiting)


# -- ways between browsers --------------------------------------------------------------------


def test_without_settings_there_are_no_servers():
    assert ice_servers(IceSettings(), "student", NOW) == []


def test_a_password_for_the_turn_server_holds_for_some_hours():
    settings = IceSettings(("stun:s.example",), ("turn:t.example",), "u", "p", "the secret")
    stun, turn = ice_servers(settings, "student", NOW)
    assert stun == IceServer(("stun:s.example",))
    until, _, name = str(turn.username).partition(":")
    assert (int(until), name) == (int(NOW.timestamp()) + 12 * 3600, "student")
    # as coturn computes it: base64(hmac(sha1, secret, username))
    expected = hmac.new(b"the secret", str(turn.username).encode(), hashlib.sha1).digest()
    assert turn.credential == base64.b64encode(expected).decode()


def test_without_a_secret_the_turn_server_has_one_password():
    (turn,) = ice_servers(IceSettings((), ("turn:t.example",), "u", "p"), "student", NOW)
    assert (turn.username, turn.credential) == ("u", "p")


# -- Jitsi --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("side", "moderator"), [(TEACHER, "true"), (STUDENT, "false")])
def test_a_jitsi_token_says_who_comes_into_which_room_until_when(side, moderator):
    settings = JitsiSettings("meet.example", "campus", "a secret of thirty-two bytes at least")
    room = JitsiRooms(settings, Hs256RoomTokens(), ManualClock(NOW)).of(MEETING, side)
    assert room.token is not None
    claims = jwt.decode(
        room.token,
        settings.secret,
        algorithms=["HS256"],
        audience="campus",
        options={"verify_nbf": False, "verify_exp": False},
    )
    assert (claims["room"], claims["sub"], claims["iss"]) == ("m1", "meet.example", "campus")
    user = claims["context"]["user"]
    assert (user["name"], user["moderator"]) == (room.name, moderator)
    end = int((NOW + timedelta(minutes=60)).timestamp())
    assert end < claims["exp"] <= end + 3 * 3600


def rooms_at(domain: str) -> JitsiRooms:
    return JitsiRooms(JitsiSettings(domain), Hs256RoomTokens(), ManualClock(NOW))


def test_without_a_domain_there_is_no_such_room():
    with pytest.raises(NotFound):
        rooms_at("").of(MEETING, TEACHER)


def test_without_a_secret_there_is_no_token():
    room = rooms_at("meet.example").of(MEETING, TEACHER)
    assert (room.domain, room.room, room.name, room.token) == ("meet.example", "m1", "Ada Ω", None)
