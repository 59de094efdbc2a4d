"""Reminders: put when a meeting gets its time, moved and taken back with it."""

from datetime import datetime, timedelta

from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.clock import Clock, from_text
from quadrangle.kernel.jobs import GiveUp, Handler, Job, Jobs, NewJob
from quadrangle.kernel.mail import MailQueue
from quadrangle.meetings.calendar.ports import JoinLinks, ReminderChoices
from quadrangle.meetings.calendar.reactions import readers_of
from quadrangle.meetings.mail_texts import account_of
from quadrangle.meetings.mails import MeetingMails, Reader
from quadrangle.meetings.model import Meeting
from quadrangle.meetings.ports import MeetingStore, People
from quadrangle.meetings.reactions import ENDS

REMIND = "meetings.remind"
USUAL = (24 * 60, 60)  # minutes before the meeting begins
# A reminder is of one sequence, which rises with each of these.
_TIMES = frozenset({"meeting.scheduled", "meeting.moved", "meeting.links-renewed"}) | ENDS


def reminder_name(meeting_id: str, minutes: int) -> str:
    """Return what the schedule of a reminder is called."""
    return f"reminder-{meeting_id}-{minutes}"


class Reminders:
    """Keeps the schedules of reminders, and writes the mails when one is due.

    `minutes` are how long before a meeting people are reminded of it, none to have no reminders.
    """

    def __init__(
        self,
        meetings: MeetingStore,
        people: People,
        links: JoinLinks,
        mails: MeetingMails,
        queue: MailQueue,
        jobs: Jobs,
        clock: Clock,
        choices: ReminderChoices,
        minutes: tuple[int, ...] = USUAL,
    ) -> None:
        self._meetings = meetings
        self._people = people
        self._links = links
        self._mails = mails
        self._queue = queue
        self._jobs = jobs
        self._clock = clock
        self._choices = choices
        self._minutes = minutes

    def reactions(self) -> list[Reaction]:
        """Return every reaction, for the host to register."""
        closed = frozenset({"account.closed"})
        return [
            Reaction("meetings.remind", _TIMES, self.follow_times),
            Reaction("meetings.forget-choice", closed, self.forget_member),
        ]

    def handlers(self) -> dict[str, Handler]:
        """Return what runs the jobs of reminders."""
        return {REMIND: self.remind}

    async def follow_times(self, change: Change) -> None:
        """Have the reminders of a meeting be those its time asks for, whatever was put before.

        Two of these may run at once: so each looks again until what it put is what is needed.
        """
        meeting = await self._meetings.get(change.subject)
        while meeting is not None:
            await self._put(meeting)
            after = await self._meetings.get(change.subject)
            if after is None or _needs(after) == _needs(meeting):
                return
            meeting = after

    async def _put(self, meeting: Meeting) -> None:
        now = self._clock.now()
        for minutes in self._minutes:
            name = reminder_name(meeting.meeting_id, minutes)
            at = from_text(meeting.meet_time) - timedelta(minutes=minutes)
            if meeting.is_over or at <= now:
                await self._jobs.cancel(name)
            else:
                payload = {
                    "meeting_id": meeting.meeting_id,
                    "sequence": meeting.sequence,
                    "minutes": minutes,
                }
                await self._jobs.put(NewJob(REMIND, payload, at, name))

    async def remind(self, job: Job) -> None:
        """Write the mails of one reminder; none where the meeting is over, at another time by now,
        or so near that the next reminder says it better."""
        meeting_id, sequence, minutes = _payload(job)
        meeting = await self._meetings.get(meeting_id)
        if meeting is None or meeting.is_over or meeting.sequence != sequence:
            return
        if _is_late(meeting, minutes, self._clock.now()):
            return
        readers = await readers_of(meeting, self._people, self._links)
        wanted = [each for each in readers if await self._wants(meeting, each, minutes)]
        await self._queue.enqueue(
            *(self._mails.reminder(meeting, each, minutes) for each in wanted)
        )

    async def _wants(self, meeting: Meeting, reader: Reader, minutes: int) -> bool:
        account_id = account_of(meeting, reader.role)
        return account_id is None or (await self._choices.get(account_id)).wants(minutes)

    async def forget_member(self, change: Change) -> None:
        """Take what somebody chose off with their account."""
        await self._choices.remove(change.subject)


def _needs(meeting: Meeting) -> tuple[bool, int, str]:
    """Return all that the reminders of a meeting follow from."""
    return meeting.is_over, meeting.sequence, meeting.meet_time


def _is_late(meeting: Meeting, minutes: int, now: datetime) -> bool:
    """A reminder that was held up for half of its time is of no use any more."""
    return now > from_text(meeting.meet_time) - timedelta(minutes=minutes) / 2


def _payload(job: Job) -> tuple[str, int, int]:
    try:
        values = job.payload
        return str(values["meeting_id"]), int(values["sequence"]), int(values["minutes"])
    except (KeyError, TypeError, ValueError) as error:
        raise GiveUp("The payload of this job is not a reminder.") from error
