"""How mails leave an installation, as its administrators may see it."""

from enum import StrEnum

import msgspec


class Delivery(StrEnum):
    SMTP = "smtp"
    SES = "ses"
    OUTBOX = "outbox"


class Setting(msgspec.Struct, frozen=True):
    """What holds, and the name of the setting that says so, "" where none does. `value` is None
    where nothing is set, or it is told elsewhere."""

    name: str
    value: str | None


class MailSetUp(msgspec.Struct, frozen=True):
    """`delivery` is the way mails leave; they are kept in the outbox where there is none. `alerts`
    is whom mails about new reports go to. No part of it is a secret."""

    delivery: Delivery
    server: Setting
    sender: Setting
    alerts: Setting
    links: Setting
    status_wait: Setting
