"""The mails about issues: whom they go to, what they say, what typed texts cannot do to them."""

import re
import unicodedata
from datetime import UTC, datetime
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.issues import mails
from quadrangle.issues.mails import IssueLinks
from quadrangle.issues.model import Comment, Issue, Status
from quadrangle.kernel.change import Change
from quadrangle.kernel.mail import Mail
from quadrangle.letters import texts
from quadrangle.mail.message import compose, parse_sender

ISSUE_ID = "3f2a91c0-1111-4222-8333-444455556666"
LINKS = IssueLinks("https://report.campus.example/")
TRACK = f"https://report.campus.example/track?id={ISSUE_ID}"
DESK = f"https://report.campus.example/desk?issue={ISSUE_ID}"
ADMIN = "admin@campus.example"
AT = "2026-11-21T09:30:00.000Z"
ISSUE = Issue(
    ISSUE_ID,
    "Network",
    "Library",
    "The Wi-Fi on the second floor drops every few minutes.",
    AT,
    AT,
    reporter_email="ada@campus.example",
    reporter_name="Ada Lovelace",
    due_at="2026-11-22T09:30:00.000Z",
)
REPLY = Comment("entry-1", ISSUE_ID, "reply", "Please try again.", "Sam Ortiz", "staff", AT)
SCRIPT = "<script>alert('test')</script> & \"more\""


def issue(**fields) -> Issue:
    return msgspec.structs.replace(ISSUE, **fields)


def reply(**fields) -> Comment:
    return msgspec.structs.replace(REPLY, **fields)


def change(kind: str = "issue.reported", **data) -> Change:
    return Change(kind, ISSUE_ID, data, "Sam", AT, seq=7)


def moved(old: Status, new: Status) -> Change:
    return change("issue.status-changed", field="status", old=old, new=new)


def note(about: Issue, old: Status, new: Status) -> Mail:
    return mails.status_note(about, moved(old, new), (old, new), LINKS)


def every_mail(about: Issue = ISSUE, said: Comment = REPLY) -> dict[str, Mail]:
    return {
        "confirmation": mails.confirmation(about, change(), LINKS),
        "alert": mails.alert(about, change(), LINKS, ADMIN),
        "status": note(about, Status.OPEN, Status.RESOLVED),
        "reply": mails.reply_note(about, said, change("issue.replied"), LINKS),
        "reporter_reply": mails.reporter_reply_note(
            about, said, change("issue.replied"), LINKS, ADMIN
        ),
    }


OCCASIONS = list(every_mail())


class Page(HTMLParser):
    """What a person sees of an HTML mail, and what it is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: set[str | None] = set()
        self.tags: set[str] = set()
        self.loads: list[str | None] = []
        self._skip = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.add(tag)
        values = dict(attrs)
        if tag == "a":
            self.links.add(values["href"])
        self.loads += [values[name] for name in ("src", "srcset", "background") if name in values]
        self.loads += re.findall(r"url\(|@import", values.get("style") or "")
        if tag == "br":
            self.words.append("\n")
        if tag == "style":
            self._skip = tag

    def handle_endtag(self, tag) -> None:
        if tag == self._skip:
            self._skip = ""

    def handle_data(self, data) -> None:
        if not self._skip:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


# -- whom and when ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("occasion", "to", "link"),
    [
        ("confirmation", "ada@campus.example", TRACK),
        ("alert", ADMIN, DESK),
        ("status", "ada@campus.example", TRACK),
        ("reply", "ada@campus.example", TRACK),
        ("reporter_reply", ADMIN, DESK),
    ],
)
def test_each_mail_goes_to_its_reader_with_the_link_for_them(occasion, to, link):
    mail = every_mail()[occasion]
    assert mail.to == to
    assert mail.key == f"{occasion}:{ISSUE_ID}:7:{to}"
    assert link in mail.text
    assert Page(mail.html).links == {link}


@pytest.mark.parametrize(
    ("occasion", "subject"),
    [
        ("confirmation", "We have your report: Network at Library [3f2a91c0]"),
        ("alert", "New report: Network at Library [3f2a91c0]"),
        ("status", "Resolved: Network at Library [3f2a91c0]"),
        ("reply", "Reply to your report: Network at Library [3f2a91c0]"),
        ("reporter_reply", "The reporter replied: Network at Library [3f2a91c0]"),
    ],
)
def test_each_subject_says_what_happened_where(occasion, subject):
    assert every_mail()[occasion].subject == subject


def test_times_are_those_of_the_campus():
    links = IssueLinks("https://report.campus.example", "Europe/Amsterdam")
    mail = mails.confirmation(issue(due_at="2026-07-22T23:30:00.000Z"), change(), links)
    for shown in (mail.text, Page(mail.html).text):
        assert "21 November 2026, 10:30 (Europe/Amsterdam)" in shown
        assert "23 July 2026, 01:30 (Europe/Amsterdam)" in shown
        assert "UTC" not in shown


def test_issues_that_nobody_has_any_more_are_told_in_one_mail():
    closed = Change("account.closed", "account-1", {}, "Sam", AT, seq=7)
    one = mails.released([ISSUE], closed, LINKS, ADMIN)
    assert (one.to, one.subject) == (ADMIN, "1 issue has nobody any more")
    assert one.key == f"released:account-1:7:{ADMIN}"
    many = mails.released([ISSUE] * 60, closed, LINKS, ADMIN)
    assert many.subject == "60 issues have nobody any more"
    for mail, count in ((one, 1), (many, mails.MOST_RELEASED)):
        for shown in (mail.text, Page(mail.html).text):
            assert shown.count("Network at Library [3f2a91c0]") >= count
            assert "https://report.campus.example/desk?assigneeId=none" in shown
            assert ("and 10 more" in shown) == (mail is many)


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_text_and_html_say_the_same(occasion):
    mail = every_mail()[occasion]
    for shown in (mail.text, Page(mail.html).text):
        assert "Network" in shown
        assert "Library" in shown
        if "reply" in occasion:
            assert "Please try again." in shown
            assert "Sam Ortiz" in shown
        else:
            assert ISSUE.description in shown
            assert "21 November 2026, 09:30 UTC" in shown


def test_the_alert_says_who_reported():
    mail = mails.alert(ISSUE, change(), LINKS, ADMIN)
    assert "Reporter: Ada Lovelace" in mail.text
    assert "ada@campus.example" in Page(mail.html).text
    unknown = mails.alert(issue(reporter_name=None, reporter_email=None), change(), LINKS, ADMIN)
    assert "No name given" in unknown.text
    assert "No address given" in Page(unknown.html).text


def test_a_report_without_name_and_target_is_confirmed_too():
    mail = mails.confirmation(issue(reporter_name=None, due_at=None), change(), LINKS)
    assert mail.text.startswith("Hello,\n")
    assert "resolve it by" not in mail.text + mail.html
    assert "None" not in mail.text + mail.html


@pytest.mark.parametrize(
    ("old", "new", "subject", "words"),
    [
        (Status.OPEN, Status.IN_PROGRESS, "We are working on it", "from Open to In progress"),
        (Status.IN_PROGRESS, Status.RESOLVED, "Resolved", "from In progress to Resolved"),
        (Status.RESOLVED, Status.OPEN, "Open again", "from Resolved to Open"),
    ],
)
def test_a_status_note_tells_of_its_change_and_not_of_later_ones(old, new, subject, words):
    mail = note(issue(status=old), old, new)  # the issue may have moved on meanwhile
    assert mail.subject.startswith(f"{subject}: ")
    assert words in mail.text
    assert words in re.sub("[○◐✓] ", "", Page(mail.html).text)


# -- typed texts ------------------------------------------------------------------------------


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_markup_is_shown_as_typed(occasion):
    about = issue(
        issue_type="<b>N</b>", location="<i>L</i>", description=SCRIPT, reporter_name="<u>A</u>"
    )
    mail = every_mail(about, reply(text=SCRIPT, author_name="<em>Sam</em>"))[occasion]
    page = Page(mail.html)
    assert SCRIPT in page.text
    assert SCRIPT in mail.text
    assert "<i>L</i>" in page.text
    assert not page.tags & {"script", "b", "i", "u", "em"}
    assert "<script" not in mail.html


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_a_mail_loads_nothing(occasion):
    page = Page(every_mail()[occasion].html)
    assert page.loads == []
    assert not page.tags & {"img", "link", "script", "iframe", "table", "form"}


def test_line_ends_in_a_subject_cannot_begin_a_header():
    about = issue(location="Library\r\nBcc: eve@campus.example\u2028X: y\x00")
    for mail in every_mail(about).values():
        assert mail.subject.isprintable()
        if mail.to == ADMIN:
            assert "Library Bcc: eve@campus.example X: y [3f2a91c0]" in mail.subject


ADDRESSES = ["https://evil.example/x", "evil.example", "eve@evil.example", "go to www.evil.example"]


@pytest.mark.parametrize("occasion", ["confirmation", "status", "reply"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_what_was_typed_with_an_address_of_nobody_known_leads_nowhere(occasion, address):
    about = issue(issue_type=address, location=address, description=address, reporter_name=address)
    mail = every_mail(about)[occasion]
    assert "evil" not in mail.subject
    assert mail.subject.endswith(" [3f2a91c0]")
    assert mail.text.startswith("Hello,\n")
    assert not re.search(r"evil\.\w|@evil|://evil|www\.\w", mail.text + mail.html)
    assert {link for link in Page(mail.html).links if link} == {TRACK}
    plain = every_mail(issue(location="Room 2.04", reporter_name="Dr. A. Lovelace"))[occasion]
    assert "Network at Room 2.04" in plain.subject
    assert plain.text.startswith("Hello Dr. A. Lovelace,")


def test_one_mail_a_day_tells_that_there_are_more_reports_than_mails():
    mail, again = (mails.many(issue(issue_id=each), change(), LINKS) for each in "ab")
    assert mail == again
    assert mail.to == ISSUE.reporter_email
    for typed in (ISSUE.description, ISSUE.reporter_name, ISSUE.location):
        assert typed not in mail.subject + mail.text + mail.html
    tomorrow = issue(created_at="2026-11-22T09:30:00.000Z")
    assert mails.many(tomorrow, change(), LINKS).key != mail.key


def test_a_long_subject_is_cut_where_it_may_be():
    about = issue(issue_type="N" * 100, location="👩‍🚀" * 33)
    subject = mails.alert(about, change(), LINKS, ADMIN).subject
    assert len(subject) <= 120
    assert subject.startswith("New report: " + "N" * 39 + "… at 👩‍🚀")
    assert subject.endswith("🚀… [3f2a91c0]")
    assert "\u200d…" not in subject


def test_overrides_of_the_writing_direction_are_taken_out():
    about = issue(description="see invoice\u202efdp.exe\u2066x\u2069", location="A\u202eB")
    for mail in every_mail(about, reply(text="\u202dhello")).values():
        for shown in (mail.subject, mail.text, mail.html):
            assert not {unicodedata.bidirectional(c) for c in shown} & {
                *("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"),
            }
    assert "see invoicefdp.exex" in mails.alert(about, change(), LINKS, ADMIN).text


def test_right_to_left_scripts_keep_their_direction():
    words = "لا تعمل الشبكة"
    mail = mails.confirmation(issue(description=words), change(), LINKS)
    assert words in mail.text
    assert re.search(f'dir="auto"[^>]*>{words}', mail.html)


def test_lines_of_a_description_stay_lines():
    mail = mails.confirmation(issue(description="one\r\n\r\ntwo\rthree"), change(), LINKS)
    assert "    one\n\n    two\n    three\n" in mail.text
    assert "one<br>\n<br>\ntwo<br>\nthree" in mail.html


TYPED = st.text(max_size=400).filter(str.strip)


@given(description=TYPED, place=TYPED, name=st.none() | TYPED)
def test_any_text_makes_mails_that_can_be_sent_and_say_it(description, place, name):
    about = issue(description=description, location=place, reporter_name=name)
    sender, now = parse_sender("Quadrangle <mail@campus.example>"), datetime(2026, 1, 1, tzinfo=UTC)
    for occasion, mail in every_mail(about, reply(text=description)).items():
        assert compose("id-1", mail, sender, now).message.isascii()
        assert len(mail.subject) <= 130
        # each line as typed, but for what cannot be seen
        for line in texts.shown(description).split("\n"):
            assert apart(line) in apart(mail.text)
        assert apart(texts.one_line(description)) in apart(Page(mail.html).text), occasion


def apart(text: str) -> str:
    """Without what keeps mail programs from making links."""
    return text.replace("\u200b", "")


@given(st.text())
def test_what_is_shown_is_what_was_typed_without_what_cannot_be_seen(text):
    kept = [c for c in texts.shown(text) if not c.isspace()]
    hidden = [c for c in text if not c.isspace() and c not in kept]
    assert all(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in hidden)
    assert texts.shown(texts.shown(text)) == texts.shown(text)
    assert "\n" not in texts.one_line(text)


@given(st.text(), st.integers(2, 50))
def test_a_cut_text_is_short_and_a_short_one_is_not_cut(text, longest):
    cut = texts.cut(text, longest)
    assert len(cut) <= longest
    if len(text) <= longest:
        assert cut == text
