"""Staff members, to whom reports are assigned, and the staff PIN."""

from typing import Any

from litestar import Response
from litestar.params import JSONBody

from quadrangle.accounts.http import wire
from quadrangle.accounts.service import AccountService
from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN, Calls
from quadrangle.kernel.principal import Principal

calls = Calls("Accounts")


@calls.get("/api/accounts/staff", "All staff members, by name (staff)", SIGNED_IN)
async def staff_list(
    principal: Injected[Principal], accounts: Injected[AccountService]
) -> wire.StaffList:
    members = await accounts.staff.members(principal)
    return wire.StaffList([wire.staff_member(member) for member in members])


@calls.put(
    "/api/accounts/pin",
    "Change the staff PIN (admin); sign-ins with the old one end",
    SIGNED_IN,
    fails=(409,),
)
async def change_pin(
    data: JSONBody[wire.NewPinBody],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
) -> Response[wire.NewPin]:
    pin = data.pin if isinstance(data.pin, str) else None
    return Response(wire.NewPin(await accounts.secrets.change_pin(principal, pin)), headers=PRIVATE)


ROUTES: list[Any] = [staff_list, change_pin]
