"""What keeps meetings, and what all functions of the service are told alike."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import msgspec

from quadrangle.aws.base.clients import client
from quadrangle.aws.base.remembered import Remembered
from quadrangle.aws.base.secret_text import SecretText
from quadrangle.aws.meetings.standing import DynamoStanding, Standing
from quadrangle.aws.meetings.store import DynamoMeetingStore
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.meetings.ec2_desktops import DesktopAdapters
from quadrangle.kernel.errors import KeysUnusable
from quadrangle.kernel.lazily import lazily
from quadrangle.mail.message import parse_sender
from quadrangle.meetings.calendar.model import Organizer
from quadrangle.meetings.joining.links import Links
from quadrangle.meetings.policy_model import MeetingAddresses, MeetingPolicy, MeetingRights
from quadrangle.meetings.ports import People
from quadrangle.portable.tokens.meeting_keys import (
    KEY_BYTES,
    HmacDownloadKeys,
    HmacLinkKeys,
    HmacMachineKeys,
)

# The scheduler is precise to a minute, so nobody looks more often than that. A machine of a cloud
# boots for minutes, and may be Windows.
_USUAL = MeetingPolicy(
    check_every=timedelta(minutes=1),
    boot_clock=timedelta(minutes=10),
    health_clock=timedelta(minutes=10),
)


def meeting_store(parts: FunctionParts) -> DynamoMeetingStore:
    return DynamoMeetingStore(parts.dynamo, parts.tables)


def standing_of(parts: FunctionParts) -> Callable[[], Standing]:
    """Return what tells what stands about desktops, at most some minutes old."""
    kept = DynamoStanding(parts.dynamo, parts.tables)
    return Remembered(kept.load, parts.clock).current


def policy_of(lead_minutes: int | None) -> MeetingPolicy:
    """Return what decides about the times of meetings; the lead is that of the image."""
    if lead_minutes is None:
        return _USUAL
    return msgspec.structs.replace(_USUAL, lead=timedelta(minutes=lead_minutes))


def policy_later(standing: Callable[[], Standing]) -> MeetingPolicy:
    """Return the policy, made when something of it is first needed."""
    return lazily(lambda: policy_of(standing().lead_minutes))


def meeting_rights(parts: FunctionParts) -> MeetingRights:
    settings = parts.environment
    return MeetingRights(
        anyone_schedules=settings.meeting_schedulers == "anyone",
        open_links=settings.meeting_links == "open",
    )


def meeting_addresses(parts: FunctionParts) -> MeetingAddresses:
    settings = parts.environment
    return MeetingAddresses(
        public_url=settings.public_url,
        origins=listed(settings.meeting_origins),
        jitsi_domain=settings.jitsi_domain,
    )


def listed(text: str) -> tuple[str, ...]:
    """Return what stands between commas."""
    return tuple(each for part in text.split(",") if (each := part.strip()))


def desktop_adapters(parts: FunctionParts) -> DesktopAdapters | None:
    """Return what makes desktops and leads to them, None for an installation without."""
    if not parts.environment.desktops:
        return None
    return DesktopAdapters(parts.environment, machine_keys(parts), parts.clock)


def machine_keys(parts: FunctionParts) -> HmacMachineKeys:
    """Return what signs the keys of machines, likewise."""
    return lazily(lambda: HmacMachineKeys(meeting_secret(parts)))


def link_keys(parts: FunctionParts) -> HmacLinkKeys:
    """Return what signs the links of meetings; the secret is asked for with the first of them."""
    return lazily(lambda: HmacLinkKeys(meeting_secret(parts)))


def download_keys(parts: FunctionParts) -> HmacDownloadKeys:
    """Return what signs addresses of files, likewise."""
    return lazily(lambda: HmacDownloadKeys(meeting_secret(parts)))


def meeting_secret(parts: FunctionParts) -> bytes:
    """Return it, asked for now. Raises KeysUnusable, Unavailable."""
    name = parts.environment.meeting_keys
    text = SecretText(client("secretsmanager"), name, parts.clock).current()
    if len(text) < 2 * KEY_BYTES:
        raise KeysUnusable(f"The key of meetings in the secret {name} is damaged.")
    return hashlib.sha256(text.encode()).digest()


def organizer_of(parts: FunctionParts) -> Organizer:
    """Return whom invitations come from: nobody, in a function that writes none."""
    text = parts.environment.mail_from
    if not text:
        return Organizer("", "")
    sender = parse_sender(text)
    return Organizer(sender.name, sender.address)


def links_of(parts: FunctionParts, store: DynamoMeetingStore, people: People) -> Links:
    return Links(store, link_keys(parts), meeting_rights(parts), people)


def meeting_people(parts: FunctionParts) -> People:
    from quadrangle.accounts.people.for_meetings import MeetingPeople
    from quadrangle.hosts.lambdas.accounts.stores import account_store

    return MeetingPeople(account_store(parts))
