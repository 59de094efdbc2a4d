"""Lists of people to invite, as spreadsheets save them: CSV with a head `email,name,role`.

Read leniently (a byte order mark, semicolons, quoted fields, columns in any order) and judged
strictly: every fault of every line is named, and nothing is returned when there is one.
"""

import csv
import io
from collections.abc import Iterator

import msgspec

from quadrangle.accounts import rules
from quadrangle.kernel.errors import FieldError, InvalidInput
from quadrangle.kernel.principal import Role
from quadrangle.kernel.text import Checked

MAX_PEOPLE = 1_000
MAX_BYTES = 1_000_000
_COLUMNS = ("email", "name", "role")
_LABELS = {"email": "E-mail address", "name": "Name", "role": "Role"}
_ROLES = {role.value: role for role in Role}


class Invitee(msgspec.Struct, frozen=True):
    """Someone to invite; `email` in lower case."""

    email: str
    name: str
    role: Role


class _Line(msgspec.Struct, frozen=True):
    """The fields of one person, and the number of the line they begin in, from 1."""

    number: int
    fields: list[str]


def read(body: bytes) -> list[Invitee]:
    """Return the people of a list. Raises InvalidInput with the faults, each at "line 3"."""
    lines = list(_lines(_text(body)))
    if not lines:
        raise InvalidInput.at("line 1", "The list is empty.")
    head, *people = lines
    columns = [name.strip().lower() for name in head.fields]
    if sorted(columns) != sorted(_COLUMNS):
        raise InvalidInput.at(_at(head), "The first line must be: email,name,role")
    if not people:
        raise InvalidInput.at(_at(head), "There is nobody below the first line.")
    if len(people) > MAX_PEOPLE:
        sentence = f"Please send at most {MAX_PEOPLE:,} people at a time ({len(people):,} now)."
        raise InvalidInput.at(_at(people[MAX_PEOPLE]), sentence)
    return _judged(columns, people)


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = body.count(b"\n", 0, error.start) + 1
        sentence = "This is not UTF-8 text. Please save the list as “CSV UTF-8”."
        raise InvalidInput.at(f"line {number}", sentence) from error


def _lines(text: str) -> Iterator[_Line]:
    """Yield what is not blank; a quoted field may go on over line ends."""
    head = text.partition("\n")[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                yield _Line(begins, fields)
            begins = reader.line_num + 1
    except csv.Error as error:
        sentence = "This line cannot be read. Is a quotation mark missing?"
        raise InvalidInput.at(f"line {begins}", sentence) from error


def _judged(columns: list[str], people: list[_Line]) -> list[Invitee]:
    faults: list[FieldError] = []
    first: dict[str, int] = {}
    invitees: list[Invitee] = []
    for line in people:
        if len(line.fields) != len(columns):
            sentence = f"There are {len(line.fields)} fields; there must be {len(columns)}."
            faults.append(FieldError(_at(line), sentence))
            continue
        checked = Checked()
        invitee = _invitee(dict(zip(columns, line.fields, strict=True)), checked)
        before = first.setdefault(invitee.email, line.number)
        if before != line.number and not checked.errors:
            checked.fault("email", f"This address is in line {before} already.")
        faults += [
            FieldError(_at(line), f"{_LABELS[fault.field]}: {fault.message}")
            for fault in checked.errors
        ]
        invitees.append(invitee)
    if faults:
        raise InvalidInput(faults)
    return invitees


def _invitee(fields: dict[str, str], checked: Checked) -> Invitee:
    email = rules.email_of(fields["email"], checked)
    name = checked.line("name", fields["name"], rules.MAX_NAME)
    role = _ROLES.get(fields["role"].strip().lower())
    if role is None:
        checked.fault("role", f"Please choose one of {', '.join(_ROLES)}.")
    return Invitee(email, name, role or Role.STUDENT)


def _at(line: _Line) -> str:
    return f"line {line.number}"
