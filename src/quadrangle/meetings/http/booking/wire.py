"""The shapes of taking hours, of series and of calendar addresses."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from quadrangle.http.openapi import Day, Id, Instant, limits
from quadrangle.meetings.booking import series_rules
from quadrangle.meetings.booking.looking import Offer, OpenHours
from quadrangle.meetings.booking.model import Slot
from quadrangle.meetings.booking.series_rules import Repeat, SeriesClash
from quadrangle.meetings.calendar.model import Feed
from quadrangle.meetings.http.booking.wire_hours import RulesBody, rules_body
from quadrangle.meetings.http.wire import EmailAddress, MeetTimeText, PersonName, ZoneName
from quadrangle.meetings.model import Workspace


class SlotItem(msgspec.Struct, rename="camel"):
    """An hour that can be taken; the two times say its start with the offset of either's zone."""

    starts_at: Instant
    ends_at: Instant
    teacher_time: Instant
    reader_time: Instant


class OfferItem(msgspec.Struct, rename="camel"):
    """A teacher with the next open hour, null where there is none."""

    teacher_id: Id
    teacher_name: str
    time_zone: str
    minutes: int
    workspaces: list[Workspace]
    next_slot: SlotItem | None


class OfferList(msgspec.Struct, rename="camel"):
    teachers: list[OfferItem]
    next_cursor: str | None


class OpenHoursAnswer(msgspec.Struct, rename="camel"):
    """The hours of a teacher that the reader can take, and by which rules."""

    teacher_id: Id
    teacher_name: str
    time_zone: str
    minutes: int
    rules: RulesBody
    slots: list[SlotItem]


class TakeBody(msgspec.Struct, rename="camel"):
    """`startsAt` is that of an open hour; `workspace` one that its teacher offers."""

    starts_at: Instant
    workspace: Workspace | None = None


class TakeOtherBody(msgspec.Struct, rename="camel"):
    """Another open hour of the same teacher. With `version`, a 409 when it was written since."""

    starts_at: Instant
    version: int | None = None


class RepeatBody(msgspec.Struct, rename="camel"):
    """Weekly: so many `times`, the first included, or `until` a date, itself included."""

    times: Annotated[int | None, limits(minimum=1, maximum=series_rules.MOST)] = None
    until: Day | None = None


class SeriesBody(msgspec.Struct, rename="camel"):
    """The first meeting, as for `/schedule`, and how it is repeated. Links lead to the platform's
    own page unless `frontendBaseUrl` names another."""

    teacher_name: PersonName
    student_name: PersonName
    meet_time: MeetTimeText
    repeat: RepeatBody
    frontend_base_url: Annotated[str, Meta(max_length=500)] | None = None
    time_zone: ZoneName | None = None
    minutes: int | None = None
    workspace: Workspace = Workspace.DESKTOP
    teacher_email: EmailAddress | None = None
    student_email: EmailAddress | None = None


class OccurrenceItem(msgspec.Struct, rename="camel"):
    """One meeting of a series; `number` counts from 1."""

    number: int
    local_time: str


class SeriesClashAnswer(msgspec.Struct, rename="camel"):
    """A series of which nothing was saved, and what stands in the way of which meetings."""

    message: str
    occurrences: list[OccurrenceItem]


class FeedAnswer(msgspec.Struct, rename="camel"):
    """A calendar address, told this once: whoever has it reads when its person meets whom."""

    address: str


class FeedState(msgspec.Struct, rename="camel"):
    """Whether there is an address, and since when."""

    created_at: Instant | None


def offer_item(offer: Offer) -> OfferItem:
    hours = offer.hours
    return OfferItem(
        teacher_id=hours.teacher_id,
        teacher_name=hours.teacher_name,
        time_zone=hours.time_zone,
        minutes=hours.minutes,
        workspaces=list(hours.rules.workspaces),
        next_slot=None if offer.next_slot is None else slot_item(offer.next_slot),
    )


def open_hours_answer(found: OpenHours) -> OpenHoursAnswer:
    hours = found.hours
    return OpenHoursAnswer(
        teacher_id=hours.teacher_id,
        teacher_name=hours.teacher_name,
        time_zone=hours.time_zone,
        minutes=hours.minutes,
        rules=rules_body(hours.rules),
        slots=[slot_item(each) for each in found.slots],
    )


def slot_item(slot: Slot) -> SlotItem:
    return SlotItem(**_values(slot))


def repeat_of(body: RepeatBody) -> Repeat:
    return Repeat(times=body.times, until=body.until)


def series_clash_answer(clash: SeriesClash) -> SeriesClashAnswer:
    occurrences = [OccurrenceItem(**_values(each)) for each in clash.occurrences]
    return SeriesClashAnswer(message=clash.message, occurrences=occurrences)


def feed_state(feed: Feed | None) -> FeedState:
    return FeedState(created_at=None if feed is None else feed.created_at)


def _values(struct: msgspec.Struct) -> dict[str, Any]:
    return msgspec.structs.asdict(struct)
