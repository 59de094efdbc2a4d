"""Staff members and the staff PIN, for those who administer them."""

from typing import Any

from litestar import Response, get, patch, post, put
from litestar.params import JSONBody
from msgspec import UNSET

from quadrangle.accounts import wire
from quadrangle.accounts.http_cookies import PRIVATE
from quadrangle.accounts.rules import Edit
from quadrangle.accounts.service import AccountService
from quadrangle.http.bodies import StrictBody
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import SIGNED_IN, problems
from quadrangle.http.parameters import AccountId
from quadrangle.kernel.principal import Principal, Role

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


@post(
    "/api/accounts/staff",
    dto=StrictBody,
    return_dto=None,
    summary="Add a staff member (admin)",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(400, 401, 403, 409, 413),
)
async def add_staff(
    data: JSONBody[wire.NewStaffBody],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
) -> Response[wire.NewStaff]:
    account, password = await accounts.staff.add(data.email, data.name, Role(data.role), principal)
    answer = wire.NewStaff(wire.staff_member(account), password)
    return Response(answer, status_code=201, headers=PRIVATE)


@patch(
    "/api/accounts/staff/{accountId:str}",
    dto=StrictBody,
    return_dto=None,
    summary="Change a staff member (admin)",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(400, 401, 403, 404, 409, 413),
)
async def edit_staff(
    account_id: AccountId,
    data: JSONBody[wire.EditStaffBody],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
) -> wire.StaffMember:
    role = UNSET if data.role is UNSET else Role(data.role)
    wanted = Edit(name=data.name, role=role, active=data.active)
    return wire.staff_member(await accounts.staff.edit(account_id, wanted, principal))


@post(
    "/api/accounts/staff/{accountId:str}/password",
    return_dto=None,
    status_code=200,
    summary="Give a staff member a new password (admin)",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(401, 403, 404),
)
async def new_password(
    account_id: AccountId, principal: Injected[Principal], accounts: Injected[AccountService]
) -> Response[wire.NewPassword]:
    password = await accounts.staff.new_password(account_id, principal)
    return Response(wire.NewPassword(password), headers=PRIVATE)


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


ROUTES: list[Any] = [staff_list, add_staff, edit_staff, new_password, change_pin]
