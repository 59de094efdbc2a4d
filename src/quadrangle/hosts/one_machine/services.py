"""The services of one machine: the one place here that knows them all, and hands each what it needs
of the others."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from quadrangle.audit.rules import Recording
from quadrangle.hosts.one_machine.accounts import AccountsHost
from quadrangle.hosts.one_machine.audit import AuditHost
from quadrangle.hosts.one_machine.issues import IssuesHost
from quadrangle.hosts.one_machine.mail import MailHost
from quadrangle.hosts.one_machine.meetings.host import MeetingsHost
from quadrangle.hosts.one_machine.operation import OperationHost
from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.hosts.one_machine.record_names import RecordNames
from quadrangle.hosts.one_machine.service import ServiceHost
from quadrangle.hosts.one_machine.settings import Settings
from quadrangle.hosts.one_machine.videos import VideosHost
from quadrangle.kernel.lazily import lazily
from quadrangle.mail.campus import CampusOnMails
from quadrangle.sql.accounts.staff_addresses import staff_addresses
from quadrangle.sql.feed.consumers import REACTIONS

if TYPE_CHECKING:
    from quadrangle.http.asking.authenticator import Authenticator
    from quadrangle.http.metrics import Metrics

_KINDS: tuple[type[ServiceHost], ...] = (
    IssuesHost,
    MeetingsHost,
    VideosHost,
    AccountsHost,
    AuditHost,
    MailHost,
    OperationHost,
)
DECLARED = tuple(kind.declared for kind in _KINDS)
# What API keys may be let do, and what the audit keeps of changes.
SCOPES = tuple(scope for each in DECLARED for scope in each.scopes)
RECORDING = Recording(each.audit for each in DECLARED)
# All that follow the change feed.
CONSUMERS = (REACTIONS, *(name for kind in _KINDS for name in kind.consumers))
# Addresses outside /api: those that pages of any origin may read, and all.
OPEN_PATHS = tuple(path for each in DECLARED for path in each.open_paths)
SECRET_PATHS = tuple(path for each in DECLARED for path in each.secret_paths)
PATHS = (*OPEN_PATHS, *(path for each in DECLARED for path in each.paths))


def check_settings(settings: Settings) -> None:
    """Raise SettingsError when a service could not do its work as the settings say."""
    for kind in _KINDS:
        kind.check_settings(settings)


class Services:
    """All of them; making them touches nothing yet."""

    def __init__(self, parts: MachineParts) -> None:
        self.parts = parts
        waiting = lazily(lambda: self.accounts.waiting_mails)
        campus = CampusOnMails(lambda: self.issues.campus_name())
        self.mail = mail = MailHost(parts, campus, (waiting,))
        self.accounts = accounts = AccountsHost(parts, mail.outbox, SCOPES)
        staff = lazily(lambda: accounts.service.staff)
        members = lazily(lambda: accounts.service.issue_members)
        others = ("meetings", "videos")
        self.issues = IssuesHost(
            parts,
            mail.outbox,
            mail.in_batches,
            staff,
            staff_addresses,
            members,
            services=others,
        )
        people = lazily(lambda: accounts.service.meeting_people)
        self.meetings = MeetingsHost(parts, mail.outbox, mail.sender, people)
        watchers = lazily(lambda: accounts.service.video_people)
        secrets = lazily(lambda: accounts.service.shared_secrets)
        self.videos = VideosHost(
            parts, watchers, secrets, self.meetings.recorded_films, mail.outbox
        )
        names = lazily(lambda: accounts.service.record_names)
        titles = {
            "meeting": self.meetings.title_of,
            "video": self.videos.title_of,
            "course": self.videos.course_title_of,
        }
        self.audit = AuditHost(parts, RecordNames(names, titles), RECORDING)
        self.operation = OperationHost(parts, CONSUMERS)
        self.all: Sequence[ServiceHost] = (
            self.issues,
            self.meetings,
            self.videos,
            self.accounts,
            self.audit,
            self.mail,
            self.operation,
        )

    @property
    def authenticator(self) -> "Authenticator":
        """What verifies who sends a request."""
        return self.accounts.service.authentication

    @property
    def metrics(self) -> "Metrics":
        """What this process counts; for the server alone."""
        return self.operation.metrics

    async def close(self) -> None:
        """Finish what was begun and let go of everything."""
        for host in self.all:
            await host.close()
        await self.parts.close()
