"""Shapes on the wire of what administrators do with accounts, by docs/api-accounts.md."""

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from quadrangle.accounts.http import wire
from quadrangle.accounts.model import Account
from quadrangle.accounts.people.people import Corrected, Imported, Invited
from quadrangle.accounts.rules import MAX_NAME
from quadrangle.http.openapi import email_of, line_of
from quadrangle.kernel.page import Page
from quadrangle.kernel.principal import Role


class PeopleList(msgspec.Struct, rename="camel"):
    people: list[wire.Person]
    next_cursor: str | None


class InviteBody(msgspec.Struct, rename="camel"):
    email: Annotated[str, email_of()]
    name: Annotated[str, line_of(MAX_NAME)]
    role: Role


class Invitation(msgspec.Struct, rename="camel"):
    """The address opens the account: it is shown here and never again."""

    account: wire.Person
    invitation_url: str


class AddressBody(msgspec.Struct, rename="camel"):
    email: Annotated[str, email_of()]


class CorrectedAddress(msgspec.Struct, rename="camel"):
    """`invitationUrl` is of an account that is invited: it is shown here and never again."""

    account: wire.Person
    invitation_url: str | None


class ImportReport(msgspec.Struct, rename="camel"):
    """How many were invited; `known` are the addresses that had an account already."""

    invited: int
    known: list[str]


class EditPersonBody(msgspec.Struct, rename="camel"):
    """The fields to change; what is left out stays."""

    name: Annotated[str | UnsetType, line_of(MAX_NAME)] = UNSET
    role: Role | UnsetType = UNSET
    active: bool | UnsetType = UNSET


class NewPassword(msgspec.Struct, rename="camel"):
    """The password is shown here and never again."""

    password: str


def people_list(page: Page[Account]) -> PeopleList:
    return PeopleList([wire.person(account) for account in page.items], page.next_cursor)


def invitation(invited: Invited) -> Invitation:
    return Invitation(wire.person(invited.account), invited.url)


def corrected_address(corrected: Corrected) -> CorrectedAddress:
    return CorrectedAddress(wire.person(corrected.account), corrected.url)


def import_report(imported: Imported) -> ImportReport:
    return ImportReport(imported.invited, imported.known)
