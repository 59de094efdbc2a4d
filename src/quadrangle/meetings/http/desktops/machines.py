"""The calls of machines, where desktops are machines elsewhere: only their hosts have them."""

from typing import Annotated, Any, TypeAlias
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

import msgspec
from litestar import Request, Response
from litestar.params import HeaderParameter, JSONBody, PathParameter

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.asking.limits import Limit, RateLimiter
from quadrangle.http.injection import Injected
from quadrangle.meetings.desktops import machines as service
from quadrangle.meetings.desktops.machines import Machines
from quadrangle.meetings.http.parameters import calls

ADMIT_LIMIT = Limit(burst=120, per_hour=3600)  # of one machine, whose person tries
_MOST_BYTES = 4096  # of a form that asks whose a ticket is
_MOST_CONNECTIONS = 50
_LONGEST = 128
_REFUSED = '<auth result="no"><message>This ticket opens nothing here.</message></auth>'

MachineId: TypeAlias = Annotated[str, PathParameter(name="machineId", max_length=_LONGEST)]
MachineKey: TypeAlias = Annotated[
    str,
    HeaderParameter(
        name="X-Machine-Key", max_length=_LONGEST, description="what the machine was launched with"
    ),
]
_Word: TypeAlias = Annotated[str, msgspec.Meta(max_length=_LONGEST)]


class ConnectionIn(msgspec.Struct):
    """A connection to the machine, by its number there."""

    number: _Word
    name: _Word
    ended: bool = False


class ReportIn(msgspec.Struct, rename="camel"):
    """What a machine tells; `takeHome` is how many bytes it has to send."""

    connections: Annotated[list[ConnectionIn], msgspec.Meta(max_length=_MOST_CONNECTIONS)] = []
    wants_files: bool = False
    take_home: Annotated[int, msgspec.Meta(ge=0)] | None = None


class FileOut(msgspec.Struct):
    """A file to fetch."""

    name: str
    url: str


class OrdersOut(msgspec.Struct, rename="camel"):
    """What is to be on the machine; `permissions` is DCV's file of them."""

    permissions: str
    welcome: list[str]
    files: list[FileOut]
    take_home: str | None
    again_seconds: int


@calls.post(
    "/api/meetings/machines/admission",
    "Tell a machine whose a ticket is (Amazon DCV's external authenticator)",
    status=200,
    only=(429,),
    media_type="text/xml",
)
async def admit(
    request: Request[Any, Any, Any],
    client_address: Injected[str],
    limiter: Injected[RateLimiter],
    machines: Injected[Machines],
) -> Response[str]:
    limiter.take("admission", client_address, ADMIT_LIMIT)
    machine_id, ticket = asked(await request.body())
    name = await machines.admit(machine_id, ticket) if machine_id and ticket else None
    return Response(verdict(name), media_type="text/xml", headers=PRIVATE)


def asked(form: bytes) -> tuple[str, str]:
    """Return whose session a form of DCV is about and the ticket; empty where it has none.

    A session bears the id of its machine. A form with anything twice has nothing.
    """
    try:
        fields = (
            parse_qs(form.decode("ascii"), max_num_fields=10) if len(form) <= _MOST_BYTES else {}
        )
    except ValueError:
        return "", ""
    session, ticket = (fields.get(name, []) for name in ("sessionId", "authenticationToken"))
    return (session[0], ticket[0]) if len(session) == len(ticket) == 1 else ("", "")


def verdict(name: str | None) -> str:
    """Return what DCV is answered: who it is, or that nobody is let in."""
    if name is None:
        return _REFUSED
    return f'<auth result="yes"><username>{escape(name)}</username></auth>'


@calls.post(
    "/api/meetings/machines/{machineId:str}/report",
    "Tell how a machine is, and hear what is to be on it",
    status=200,
)
async def report(
    machine_id: MachineId,
    data: JSONBody[ReportIn],
    machine_key: MachineKey,
    machines: Injected[Machines],
) -> Response[OrdersOut]:
    told = service.Report(
        connections=[
            service.Seen(number=each.number, name=each.name, ended=each.ended)
            for each in data.connections
        ],
        wants_files=data.wants_files,
        take_home=data.take_home,
    )
    orders = await machines.report(machine_id, machine_key, told)
    answer = OrdersOut(
        permissions=orders.permissions,
        welcome=orders.welcome,
        files=[FileOut(name=each.name, url=each.url) for each in orders.files],
        take_home=orders.take_home,
        again_seconds=orders.again_s,
    )
    return Response(answer, headers=PRIVATE)


ROUTES: list[Any] = [admit, report]
