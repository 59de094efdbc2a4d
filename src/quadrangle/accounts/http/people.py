"""Everyone with an account, under /api/accounts/people (admin)."""

from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from litestar import Request, Response
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import JSONBody, QueryParameter

from quadrangle.accounts.http import wire, wire_people
from quadrangle.accounts.http.parameters import AccountId
from quadrangle.accounts.people import import_list as people_import
from quadrangle.accounts.people.people import Search
from quadrangle.accounts.people.rules import Status
from quadrangle.accounts.rules import AccountEdit
from quadrangle.accounts.service import AccountService
from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.parameters import PageSize, word_of
from quadrangle.http.routes import SIGNED_IN, Calls
from quadrangle.kernel.errors import InvalidInput
from quadrangle.kernel.principal import Principal, Role

calls = Calls("People")
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


@calls.get("/api/accounts/people", "Find people, by name (admin)", SIGNED_IN, fails=(400,))
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


@calls.get("/api/accounts/people/{accountId:str}", "Show one person (admin)", SIGNED_IN)
async def show_person(
    account_id: AccountId, principal: Injected[Principal], accounts: Injected[AccountService]
) -> Response[wire.Person]:
    account = await accounts.people.get(account_id, principal)
    return Response(wire.person(account), headers=PRIVATE)


@calls.post("/api/accounts/people", "Invite someone (admin)", SIGNED_IN, fails=(409,))
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


@calls.post(
    "/api/accounts/people/import",
    "Invite everyone on a list (admin); with a fault in it nobody is",
    SIGNED_IN,
    status=200,
    fails=(400, 413),
    operation_class=_ListBody,
    request_max_body_size=people_import.MAX_BYTES,
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


@calls.patch(
    "/api/accounts/people/{accountId:str}",
    "Change a person's name or role, disable or enable (admin)",
    SIGNED_IN,
    fails=(409,),
)
async def edit_person(
    account_id: AccountId,
    data: JSONBody[wire_people.EditPersonBody],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
) -> Response[wire.Person]:
    wanted = AccountEdit(name=data.name, role=data.role, active=data.active)
    account = await accounts.people.edit(account_id, wanted, principal)
    return Response(wire.person(account), headers=PRIVATE)


@calls.put(
    "/api/accounts/people/{accountId:str}/email",
    "Correct a person's address; who came in already confirms it by mail (admin)",
    SIGNED_IN,
    fails=(409,),
)
async def correct_address(
    account_id: AccountId,
    data: JSONBody[wire_people.AddressBody],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
) -> Response[wire_people.CorrectedAddress]:
    corrected = await accounts.people.correct_address(account_id, data.email, principal)
    return Response(wire_people.corrected_address(corrected), headers=PRIVATE)


@calls.post(
    "/api/accounts/people/{accountId:str}/password",
    "Give a person a new password (admin)",
    SIGNED_IN,
    status=200,
    fails=(409,),
)
async def give_password(
    account_id: AccountId, principal: Injected[Principal], accounts: Injected[AccountService]
) -> Response[wire_people.NewPassword]:
    password = await accounts.people.new_password(account_id, principal)
    return Response(wire_people.NewPassword(password), headers=PRIVATE)


@calls.post(
    "/api/accounts/people/{accountId:str}/invitation",
    "Send an invitation once more (admin)",
    SIGNED_IN,
    status=200,
    fails=(409,),
)
async def invite_again(
    account_id: AccountId, principal: Injected[Principal], accounts: Injected[AccountService]
) -> Response[wire_people.Invitation]:
    invited = await accounts.people.invite_again(account_id, principal)
    return Response(wire_people.invitation(invited), headers=PRIVATE)


@calls.post(
    "/api/accounts/people/{accountId:str}/sign-out",
    "End every sign-in of a person (admin)",
    SIGNED_IN,
    status=204,
)
async def sign_person_out(
    account_id: AccountId, principal: Injected[Principal], accounts: Injected[AccountService]
) -> None:
    await accounts.people.sign_out(account_id, principal)


@calls.delete(
    "/api/accounts/people/{accountId:str}/second-factor",
    "Take a person's second factors away, as for a lost phone (admin)",
    SIGNED_IN,
    fails=(409,),
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
