"""Everyone with an account, under /api/accounts/people (admin)."""

from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from litestar import Request, Response, delete, get, patch, post, put
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import JSONBody, QueryParameter

from quadrangle.accounts.http import wire, wire_people
from quadrangle.accounts.http.parameters import AccountId
from quadrangle.accounts.people import import_list as people_import
from quadrangle.accounts.people.people import Search
from quadrangle.accounts.people.rules import Status
from quadrangle.accounts.rules import Edit
from quadrangle.accounts.service import AccountService
from quadrangle.http.bodies import StrictBody
from quadrangle.http.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import SIGNED_IN, problems, without_body
from quadrangle.http.parameters import PageSize, word_of
from quadrangle.kernel.errors import InvalidInput
from quadrangle.kernel.principal import Principal, Role

TAGS = ["People"]
LONGEST_QUERY = 200
_NO_NUL = r"^[^\u0000]*$"  # which PostgreSQL cannot be asked for

Words: TypeAlias = Annotated[
    str | None,
    QueryParameter(
        max_length=LONGEST_QUERY, pattern=_NO_NUL, description="words of the name or the address"
    ),
]
# Holds a name, of which a letter can be as much as 33 bytes when it is folded.
PeopleCursor: TypeAlias = Annotated[
    str | None,
    QueryParameter(name="cursor", max_length=5_000, description="nextCursor of the page before"),
]


@get(
    "/api/accounts/people",
    return_dto=None,
    summary="Find people, by name (admin)",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(400, 401, 403),
)
async def find_people(
    principal: Injected[Principal],
    accounts: Injected[AccountService],
    q: Words = None,
    role: Annotated[str | None, word_of(Role)] = None,
    person_status: Annotated[str | None, word_of(Status, "status")] = None,
    limit: PageSize = 50,
    cursor: PeopleCursor = None,
) -> Response[wire_people.PeopleList]:
    wanted = Search(
        words=q or "",
        role=Role(role) if role else None,
        status=Status(person_status) if person_status else None,
        limit=limit,
        cursor=cursor,
    )
    page = await accounts.people.find(wanted, principal)
    return Response(wire_people.people_list(page), headers=PRIVATE)


@get(
    "/api/accounts/people/{accountId:str}",
    return_dto=None,
    summary="Show one person (admin)",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(401, 403, 404),
)
async def show_person(
    account_id: AccountId, principal: Injected[Principal], accounts: Injected[AccountService]
) -> Response[wire.Person]:
    account = await accounts.people.get(account_id, principal)
    return Response(wire.person(account), headers=PRIVATE)


@post(
    "/api/accounts/people",
    dto=StrictBody,
    return_dto=None,
    summary="Invite someone (admin)",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(400, 401, 403, 409, 413),
)
async def invite_person(
    data: JSONBody[wire_people.InviteBody],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
) -> Response[wire_people.Invitation]:
    invited = await accounts.people.invite(data.email, data.name, data.role, principal)
    return Response(wire_people.invitation(invited), status_code=201, headers=PRIVATE)


@dataclass
class _ListBody(Operation):
    def __post_init__(self) -> None:
        schema = Schema(type=OpenAPIType.STRING)
        self.request_body = RequestBody(
            content={"text/csv": OpenAPIMediaType(schema=schema)},
            required=True,
            description="A head `email,name,role` and at most 1,000 people, 1 MB, UTF-8.",
        )


@post(
    "/api/accounts/people/import",
    return_dto=None,
    status_code=200,
    operation_class=_ListBody,
    request_max_body_size=people_import.MAX_BYTES,
    summary="Invite everyone on a list (admin); with a fault in it nobody is",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(400, 401, 403, 413),
)
async def import_people(
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
) -> Response[wire_people.ImportReport]:
    mime = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if mime != "text/csv":
        raise InvalidInput(message="Please send the list with Content-Type: text/csv.")
    imported = await accounts.people.bring_in(await request.body(), principal)
    return Response(wire_people.import_report(imported), headers=PRIVATE)


@patch(
    "/api/accounts/people/{accountId:str}",
    dto=StrictBody,
    return_dto=None,
    summary="Change a person's name or role, disable or enable (admin)",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(400, 401, 403, 404, 409, 413),
)
async def edit_person(
    account_id: AccountId,
    data: JSONBody[wire_people.EditPersonBody],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
) -> Response[wire.Person]:
    wanted = Edit(name=data.name, role=data.role, active=data.active)
    account = await accounts.people.edit(account_id, wanted, principal)
    return Response(wire.person(account), headers=PRIVATE)


@put(
    "/api/accounts/people/{accountId:str}/email",
    dto=StrictBody,
    return_dto=None,
    summary="Correct a person's address; who came in already confirms it by mail (admin)",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(400, 401, 403, 404, 409, 413),
)
async def correct_address(
    account_id: AccountId,
    data: JSONBody[wire_people.AddressBody],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
) -> Response[wire_people.CorrectedAddress]:
    corrected = await accounts.people.correct_address(account_id, data.email, principal)
    return Response(wire_people.corrected_address(corrected), headers=PRIVATE)


@post(
    "/api/accounts/people/{accountId:str}/password",
    return_dto=None,
    status_code=200,
    summary="Give a person a new password (admin)",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(401, 403, 404, 409),
)
async def give_password(
    account_id: AccountId, principal: Injected[Principal], accounts: Injected[AccountService]
) -> Response[wire_people.NewPassword]:
    password = await accounts.people.new_password(account_id, principal)
    return Response(wire_people.NewPassword(password), headers=PRIVATE)


@post(
    "/api/accounts/people/{accountId:str}/invitation",
    return_dto=None,
    status_code=200,
    summary="Send an invitation once more (admin)",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(401, 403, 404, 409),
)
async def invite_again(
    account_id: AccountId, principal: Injected[Principal], accounts: Injected[AccountService]
) -> Response[wire_people.Invitation]:
    invited = await accounts.people.invite_again(account_id, principal)
    return Response(wire_people.invitation(invited), headers=PRIVATE)


@post(
    "/api/accounts/people/{accountId:str}/sign-out",
    return_dto=None,
    status_code=204,
    summary="End every sign-in of a person (admin)",
    tags=TAGS,
    security=SIGNED_IN,
    responses=without_body(204) | problems(401, 403, 404),
)
async def sign_person_out(
    account_id: AccountId, principal: Injected[Principal], accounts: Injected[AccountService]
) -> None:
    await accounts.people.sign_out(account_id, principal)


@delete(
    "/api/accounts/people/{accountId:str}/second-factor",
    return_dto=None,
    status_code=204,
    summary="Take a person's second factors away, as for a lost phone (admin)",
    tags=TAGS,
    security=SIGNED_IN,
    responses=without_body(204) | problems(401, 403, 404, 409),
)
async def remove_second_factors(
    account_id: AccountId, principal: Injected[Principal], accounts: Injected[AccountService]
) -> None:
    await accounts.two_factor.remove_all(account_id, principal)


ROUTES: list[Any] = [
    find_people,
    show_person,
    invite_person,
    import_people,
    edit_person,
    correct_address,
    give_password,
    invite_again,
    sign_person_out,
    remove_second_factors,
]
