"""The mails about meetings: what they say, whom they name, where they lead."""

import re
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quadrangle.kernel.change import Change
from quadrangle.kernel.mail import Mail
from quadrangle.letters.texts import one_line, unlinked
from quadrangle.mail.message import compose, parse_sender
from quadrangle.meetings.mails import MeetingMails, Pages, Reader
from quadrangle.meetings.model import Meeting, MeetingRole, Status, Workspace
from tests.account_post import Page
from tests.properties import examples
from tests.rules.meetings.test_invitations import LINK, MEETING, MEETING_ID, ORGANIZER, read

TEACHER, STUDENT = MeetingRole
SITE = "https://meet.campus.example"
MAILS = MeetingMails(ORGANIZER, Pages(SITE))
ADA = Reader(TEACHER, "ada@campus.example", LINK.replace("student", "teacher"))
BO = Reader(STUDENT, "bo@campus.example", LINK)
AT = "2027-03-01T08:15:30.250Z"
STAFF = "staff@campus.example"


def change(kind: str = "meeting.scheduled", actor_id: str | None = "student-1", **data) -> Change:
    return Change(kind, MEETING_ID, data, "Somebody", AT, actor_id, seq=7)


def every_mail(about: Meeting = MEETING, to: Reader = BO) -> dict[str, Mail]:
    moved = change("meeting.moved", old="2027-03-27T08:30:00.000Z")
    ended = change("meeting.failed", actor_id=None, reason="Nobody joined in time.")
    return {
        "invitation": MAILS.invitation(about, to, change()),
        "moved": MAILS.moved(about, to, moved),
        "cancelled": MAILS.cancelled(about, to, change("meeting.cancelled")),
        "links_renewed": MAILS.links_renewed(about, to, change("meeting.links-renewed")),
        "reminder": MAILS.reminder(about, to, 60),
        "failed": MAILS.failed(about, to, ended),
        "expired": MAILS.expired(about, to, ended),
        "take_home": MAILS.take_home(about, to, change("meeting.files-ready")),
        "failed_staff": MAILS.failed_for_staff(about, ended, STAFF),
    }


OCCASIONS = list(every_mail())
TO_PEOPLE = OCCASIONS[:-1]


def shown(mail: Mail) -> list[str]:
    """What a reader of the text and one of the HTML see, on one line each."""
    return [" ".join(mail.text.split()), Page(mail.html).text]


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_each_mail_says_when_the_meeting_is_on_both_clocks(occasion):
    for words in shown(every_mail()[occasion]):
        assert "Sunday, 28 March 2027, 09:30 to 10:15 (Europe/Berlin)" in words
        assert "28 March 2027, 07:30 UTC" in words
        assert "Ada Lovelace" in words


def test_a_meeting_in_utc_says_so_once():
    mail = MAILS.invitation(
        msgspec.structs.replace(MEETING, time_zone="UTC", local_time="2027-03-28T07:30:00"),
        BO,
        change(),
    )
    for words in shown(mail):
        assert "07:30 to 08:15 (UTC)" in words
        assert "In UTC" not in words


@pytest.mark.parametrize(
    ("occasion", "link"),
    [
        ("invitation", LINK),
        ("moved", LINK),
        ("cancelled", None),
        ("links_renewed", LINK),
        ("reminder", LINK),
        ("failed", None),
        ("expired", None),
        ("take_home", f"{SITE}/meet?id={MEETING_ID}"),
        ("failed_staff", f"{SITE}/meet?id={MEETING_ID}"),
    ],
)
def test_each_mail_leads_its_reader_to_one_place(occasion, link):
    mail = every_mail()[occasion]
    assert Page(mail.html).links == ({link} if link else set())
    assert re.findall(r"https?://\S+", mail.text) == ([link] if link else [])
    if link:
        assert link in mail.text.splitlines()


@pytest.mark.parametrize("occasion", TO_PEOPLE)
def test_mails_to_the_two_are_private_and_of_one_time_each(occasion):
    mail = every_mail()[occasion]
    assert mail.private
    assert mail.to == "bo@campus.example"
    keys = {
        mail.key,
        every_mail(to=ADA)[occasion].key,
        every_mail(msgspec.structs.replace(MEETING, sequence=1))[occasion].key,
        every_mail(msgspec.structs.replace(MEETING, meeting_id="other"))[occasion].key,
    }
    assert len(keys) == 4
    assert mail.key == every_mail()[occasion].key


def test_the_mail_to_staff_holds_nothing_that_opens_a_meeting():
    mail = every_mail()["failed_staff"]
    assert (mail.to, mail.private) == (STAFF, False)
    assert "key=" not in mail.text + mail.html
    for words in shown(mail):
        assert "Nobody joined in time." in words
        assert "Bo Øster" in words


@pytest.mark.parametrize(
    ("occasion", "method"),
    [("invitation", "REQUEST"), ("moved", "REQUEST"), ("cancelled", "CANCEL")],
)
def test_what_changes_a_calendar_comes_with_an_invitation(occasion, method):
    calendar = every_mail()[occasion].calendar
    assert calendar is not None
    assert calendar.method == read(calendar.content).method == method
    others = [mail.calendar for name, mail in every_mail().items() if name not in _INVITING]
    assert others == [None] * 6


_INVITING = {"invitation", "moved", "cancelled"}


@pytest.mark.parametrize(
    ("reader", "actor_id", "words"),
    [
        (BO, "student-1", "you have moved your meeting"),
        (ADA, "student-1", "Bo Øster has moved your meeting"),
        (BO, "teacher-1", "Ada Lovelace has moved your meeting"),
        (BO, "admin-1", "somebody in charge has moved your meeting"),
        (BO, None, "somebody in charge has moved your meeting"),
    ],
)
def test_readers_are_told_who_moved_their_meeting_and_from_when(reader, actor_id, words):
    moved = change("meeting.moved", actor_id, old="2027-03-27T08:30:00.000Z")
    for said in shown(MAILS.moved(MEETING, reader, moved)):
        assert words in said
        assert "It was on Saturday, 27 March 2027, 09:30 (Europe/Berlin)" in said


@pytest.mark.parametrize(
    ("actor_id", "ada", "bo"),
    [
        ("student-1", "ACCEPTED", "ACCEPTED"),  # takes an hour the teacher had offered
        ("teacher-1", "ACCEPTED", "NEEDS-ACTION"),
        ("admin-1", "NEEDS-ACTION", "NEEDS-ACTION"),
        (None, "NEEDS-ACTION", "NEEDS-ACTION"),
    ],
)
def test_who_has_agreed_is_not_asked_again(actor_id, ada, bo):
    for reader, status in ((ADA, ada), (BO, bo)):
        calendar = MAILS.invitation(MEETING, reader, change(actor_id=actor_id)).calendar
        assert calendar is not None
        (event,) = read(calendar.content).events
        assert event.attendees[0].status == status


def test_subjects_begin_with_what_happened():
    assert {name: mail.subject for name, mail in every_mail().items()} == {
        name: f"{what}: Ada Lovelace, 28 March 2027, 09:30 (Europe/Berlin)"
        for name, what in {
            "invitation": "Invitation",
            "moved": "Moved",
            "cancelled": "Cancelled",
            "links_renewed": "New link",
            "reminder": "Reminder",
            "failed": "Could not take place",
            "expired": "Did not take place",
            "take_home": "Your files",
        }.items()
    } | {"failed_staff": "A meeting could not take place [3f2a91c0]"}


def test_the_words_of_staff_are_told_and_open_nothing():
    words = "Staff ended the meeting. See https://evil.example <b>now</b>."
    over = msgspec.structs.replace(MEETING, end_reason=words)
    mail = MAILS.cancelled(over, BO, change("meeting.cancelled", actor_id="staff-1"))
    for seen in shown(mail):
        assert "Staff ended the meeting. See" in seen
    assert "<b>now" not in mail.html
    assert "https://evil.example" not in mail.text
    usual = MAILS.cancelled(MEETING, BO, change("meeting.cancelled"))
    assert "Staff ended" not in usual.text


def test_renewed_links_are_each_sent():
    first, second = (
        MAILS.links_renewed(msgspec.structs.replace(MEETING, link_generation=n), BO, change())
        for n in (2, 3)
    )
    assert first.key != second.key


def test_a_terminal_is_called_one():
    about = msgspec.structs.replace(MEETING, workspace=Workspace.TERMINAL)
    for words in shown(MAILS.failed(about, BO, change())):
        assert "no terminal could be made" in words


# -- typed texts ------------------------------------------------------------------------------

LURE = "Win at https://evil.example/x or mail eve@b.example now"


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_names_become_neither_markup_nor_links(occasion):
    about = msgspec.structs.replace(MEETING, teacher_name=f"<b>A</b> {LURE}", student_name=LURE)
    for mail in (every_mail(about)[occasion], every_mail(about, ADA)[occasion]):
        assert "<b>" not in mail.html
        for text in (mail.text, mail.html):
            assert not re.search(r"evil\.example|https://evil|eve@b", text)
        # it still reads the same
        assert "https://evil.example/x" in mail.text.replace("\u200b", "")


NAMES = st.text(max_size=100).filter(str.strip)


@settings(max_examples=examples(60))
@given(teacher=NAMES, student=NAMES)
def test_any_name_makes_mails_that_can_be_sent_and_say_it(teacher, student):
    about = msgspec.structs.replace(MEETING, teacher_name=teacher, student_name=student)
    sender, now = parse_sender("Quadrangle <mail@campus.example>"), datetime(2027, 1, 1, tzinfo=UTC)
    for mail in every_mail(about).values():
        assert compose("id-1", mail, sender, now).message.isascii()
        assert len(mail.subject) <= 130
        told = mail.text.replace("\u200b", "")
        assert " ".join(one_line(teacher).replace("\u200b", "").split()) in " ".join(told.split())


@given(st.text())
def test_a_text_without_links_reads_the_same(text):
    assert unlinked(text).replace("\u200b", "") == text.replace("\u200b", "")
    assert not re.search(r"\S[.:/@][^\s\u200b]", unlinked(text))


@pytest.mark.parametrize("status", list(Status))
def test_a_meeting_of_any_status_is_written_about(status):
    for mail in every_mail(msgspec.structs.replace(MEETING, status=status)).values():
        assert "None" not in mail.text + mail.html
