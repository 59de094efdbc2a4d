"""Staff members, to whom reports are assigned, and the staff PIN."""

from typing import Any

from litestar import Response, get, put
from litestar.params import JSONBody

from quadrangle.accounts.http import wire
from quadrangle.accounts.service import AccountService
from quadrangle.http.bodies import StrictBody
from quadrangle.http.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import SIGNED_IN, problems
from quadrangle.kernel.principal import Principal

TAGS = ["Accounts"]


@get(
    "/api/accounts/staff",
    return_dto=None,
    summary="All staff members, by name (staff)",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(401, 403),
)
async def staff_list(
    principal: Injected[Principal], accounts: Injected[AccountService]
) -> wire.StaffList:
    members = await accounts.staff.members(principal)
    return wire.StaffList([wire.staff_member(member) for member in members])


@put(
    "/api/accounts/pin",
    dto=StrictBody,
    return_dto=None,
    summary="Change the staff PIN (admin); sign-ins with the old one end",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(400, 401, 403, 409, 413),
)
async def change_pin(
    data: JSONBody[wire.NewPinBody],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
) -> Response[wire.NewPin]:
    pin = data.pin if isinstance(data.pin, str) else None
    return Response(wire.NewPin(await accounts.secrets.change_pin(principal, pin)), headers=PRIVATE)


ROUTES: list[Any] = [staff_list, change_pin]
