"""API keys of machines, for administrators."""

from typing import Annotated, Any

import msgspec
from litestar import Response
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from quadrangle.accounts.api_keys.rules import MAX_NAME, ApiKey, NewKey, Plan
from quadrangle.accounts.http.parameters import ApiKeyId
from quadrangle.accounts.service import AccountService
from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import SCOPE_NAME, Id, Instant, limits, line_of
from quadrangle.http.routes import SIGNED_IN, Calls
from quadrangle.kernel.principal import Principal

calls = Calls("API keys")


class NewKeyBody(msgspec.Struct, rename="camel"):
    """`expiresAt` is an instant with its offset; left out or null, the key holds until revoked."""

    name: Annotated[str, line_of(MAX_NAME, example="Building sensors")]
    scopes: Annotated[list[str], limits(items=SCOPE_NAME, minItems=1)]
    plan: Plan
    expires_at: Annotated[str | UnsetType | None, limits(format="date-time")] = UNSET


class ApiKeyBody(msgspec.Struct, kw_only=True, rename="camel"):
    """A key without its secret. `createdBy` is a name; `usedAt` may be an hour old."""

    api_key_id: Id
    name: str
    scopes: Annotated[list[str], limits(items=SCOPE_NAME)]
    plan: Plan
    created_at: Instant
    created_by: str
    expires_at: Instant | None
    revoked_at: Instant | None
    used_at: Instant | None


class ApiKeyList(msgspec.Struct, rename="camel"):
    api_keys: list[ApiKeyBody]


class MadeKey(msgspec.Struct, rename="camel"):
    """`key` is what the machine sends; it is shown this once."""

    api_key: ApiKeyBody
    key: str


@calls.get("/api/accounts/api-keys", "All API keys, newest first (admin)", SIGNED_IN)
async def api_key_list(
    principal: Injected[Principal], accounts: Injected[AccountService]
) -> Response[ApiKeyList]:
    keys = await accounts.api_keys.list(principal)
    names = await accounts.names.of_all(key.created_by for key in keys)
    return Response(ApiKeyList([_body(key, names) for key in keys]), headers=PRIVATE)


@calls.post(
    "/api/accounts/api-keys", "Make an API key, which is shown this once (admin)", SIGNED_IN
)
async def make_api_key(
    data: JSONBody[NewKeyBody],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
) -> Response[MadeKey]:
    expires_at = None if data.expires_at is UNSET else data.expires_at
    wanted = NewKey(data.name, tuple(data.scopes), data.plan, expires_at)
    key, sent = await accounts.api_keys.make(wanted, principal)
    names = await accounts.names.of_all([key.created_by])
    return Response(MadeKey(_body(key, names), sent), status_code=201, headers=PRIVATE)


@calls.delete(
    "/api/accounts/api-keys/{apiKeyId:str}", "Revoke an API key at once (admin)", SIGNED_IN
)
async def revoke_api_key(
    api_key_id: ApiKeyId, principal: Injected[Principal], accounts: Injected[AccountService]
) -> None:
    await accounts.api_keys.revoke(api_key_id, principal)


def _body(key: ApiKey, names: dict[str, str]) -> ApiKeyBody:
    return ApiKeyBody(
        api_key_id=key.api_key_id,
        name=key.name,
        scopes=list(key.scopes),
        plan=key.plan,
        created_at=key.created_at,
        created_by=names[key.created_by],
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
        used_at=key.used_at,
    )


ROUTES: list[Any] = [api_key_list, make_api_key, revoke_api_key]
