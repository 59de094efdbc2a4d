"""The reactions of the meeting service, and its reminders: what one function works off."""

from collections.abc import Mapping

from quadrangle.aws.base.clients import client_later
from quadrangle.aws.jobs.queues import Queues
from quadrangle.aws.meetings.feeds import DynamoFeedStore
from quadrangle.aws.meetings.launch_times import DynamoLaunchTimes
from quadrangle.aws.meetings.prompt_jobs import PromptJobs
from quadrangle.aws.meetings.reminder_choices import DynamoReminderChoices
from quadrangle.aws.meetings.teaching_hours import DynamoHoursStore
from quadrangle.hosts.lambdas.base.jobs import aws_jobs
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.meetings.stores import (
    links_of,
    meeting_people,
    meeting_store,
    organizer_of,
    policy_later,
    standing_of,
)
from quadrangle.kernel.change import Reaction
from quadrangle.kernel.jobs import Handler
from quadrangle.kernel.lazily import lazily
from quadrangle.kernel.mail import MailQueue
from quadrangle.meetings.calendar.reactions import CalendarReactions
from quadrangle.meetings.calendar.reminders import Reminders
from quadrangle.meetings.mails import MeetingMails, Pages
from quadrangle.meetings.reactions import MeetingReactions
from quadrangle.meetings.renaming import Renaming


class MeetingWork:
    """Made by every function that knows the reactions, so it asks for nothing yet."""

    def __init__(self, parts: FunctionParts, mail: MailQueue) -> None:
        dynamo, tables, clock = parts.dynamo, parts.tables, parts.clock
        store, people = meeting_store(parts), lazily(lambda: meeting_people(parts))
        links = links_of(parts, store, people)
        mails = MeetingMails(organizer_of(parts), Pages(parts.environment.public_url))
        jobs = PromptJobs(aws_jobs(parts, Queues(client_later("sqs"))), clock)
        policy, hours = policy_later(standing_of(parts)), DynamoHoursStore(dynamo, tables)
        launches = DynamoLaunchTimes(dynamo, tables)
        self._of_times = MeetingReactions(store, jobs, launches, clock, policy)
        self._renaming = Renaming(store, hours, people, clock, policy)
        self._of_calendars = CalendarReactions(
            store,
            people,
            links,
            mails,
            mail,
            hours,
            DynamoFeedStore(dynamo, tables),
            parts.environment.admin_email,
        )
        self._reminders = Reminders(
            store, people, links, mails, mail, jobs, clock, DynamoReminderChoices(dynamo, tables)
        )

    def reactions(self) -> list[Reaction]:
        return [
            *self._of_times.all(),
            *self._of_calendars.all(),
            *self._renaming.reactions(),
            *self._reminders.reactions(),
        ]

    def handlers(self) -> Mapping[str, Handler]:
        """Return what runs the jobs that are no reactions."""
        return self._reminders.handlers()
