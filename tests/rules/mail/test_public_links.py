"""Links of mails written before the server had its public address."""

from datetime import UTC, datetime

from quadrangle.kernel.mail import CalendarPart, Mail
from quadrangle.mail.public_links import PublicLinks

NOW = datetime(2026, 11, 28, tzinfo=UTC)
LONG = "http://127.0.0.1:8000/meeting#token=" + "a" * 90


def mail(text: str, calendar: CalendarPart | None = None) -> Mail:
    return Mail("k", "ada@campus.example", "Hello", text, f"<p>{text}</p>", calendar=calendar)


async def test_links_to_this_machine_lead_to_the_public_address():
    links = PublicLinks("https://campus.example/", 8000)
    led = await links.reviewed(
        mail("http://localhost:8000/track?id=1 and http://127.0.0.1:8000/"), NOW
    )
    assert led.text == "https://campus.example/track?id=1 and https://campus.example/"
    assert led.html == f"<p>{led.text}</p>"


async def test_what_a_reader_runs_on_another_port_is_left_alone():
    written = mail("see http://localhost:3000/ or http://127.0.0.1:80001/")
    assert await PublicLinks("https://campus.example", 8000).reviewed(written, NOW) == written


async def test_nothing_changes_while_the_public_address_is_this_machine():
    written = mail("http://localhost:8000/track")
    assert await PublicLinks("http://127.0.0.1:8000", 8000).reviewed(written, NOW) == written


async def test_links_in_folded_lines_of_a_calendar_are_led_too():
    folded = f"BEGIN:VCALENDAR\r\nURL:{LONG[:10]}\r\n {LONG[10:]}\r\nEND:VCALENDAR\r\n"
    written = mail("Text", CalendarPart("REQUEST", folded))
    led = await PublicLinks("https://campus.example", 8000).reviewed(written, NOW)
    assert led.calendar is not None
    assert all(len(line.encode()) <= 75 for line in led.calendar.content.split("\r\n"))
    unfolded = led.calendar.content.replace("\r\n ", "")
    assert f"URL:https://campus.example/{LONG.split('/', 3)[3]}\r\n" in unfolded
    assert unfolded.endswith("END:VCALENDAR\r\n")
