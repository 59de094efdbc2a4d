"""Signing in by an outside issuer: to it and back, as a browser goes."""

from typing import Annotated, Any

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.params import PathParameter, QueryParameter

from quadrangle.accounts.http.cookies import cookies_of
from quadrangle.accounts.model import Place
from quadrangle.accounts.outside import rules as outside_rules
from quadrangle.accounts.outside.model import Answer
from quadrangle.accounts.outside.rules import NotAdmitted
from quadrangle.accounts.service import AccountService
from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import elsewhere
from quadrangle.http.routes import Calls

calls = Calls("Accounts")
FLOW_COOKIE = "quadrangle_oidc"
FLOW_PATH = "/api/accounts/oidc"
LONGEST_PARAMETER = 4_096

IssuerId = Annotated[str, PathParameter(name="issuerId")]
Given = Annotated[str | None, QueryParameter(max_length=LONGEST_PARAMETER)]


@calls.get(
    "/api/accounts/oidc/{issuerId:str}/start",
    "Go to an outside issuer to sign in",
    status=302,
    fails=(400,),
    answers=elsewhere(),
)
async def start_outside(
    issuer_id: IssuerId,
    accounts: Injected[AccountService],
    secure_cookies: Injected[bool],
    next_page: Annotated[str, QueryParameter(name="next", max_length=LONGEST_PARAMETER)] = "/",
) -> Response[None]:
    try:
        begun = await accounts.outside.begin(issuer_id, next_page)
    except NotAdmitted as refused:
        return _to_sign_in(refused, secure=secure_cookies)
    return _to(begun.address, [_flow_cookie(begun.sealed, secure=secure_cookies)])


@calls.get(
    "/api/accounts/oidc/{issuerId:str}/callback",
    "Come back from an outside issuer, signed in",
    status=302,
    fails=(400,),
    answers=elsewhere(),
)
async def finish_outside(
    issuer_id: IssuerId,
    request: Request[Any, Any, Any],
    accounts: Injected[AccountService],
    place: Injected[Place],
    secure_cookies: Injected[bool],
    flow_state: Annotated[
        str | None, QueryParameter(name="state", max_length=LONGEST_PARAMETER)
    ] = None,
    code: Given = None,
    error: Given = None,
    iss: Given = None,
) -> Response[None]:
    answer = Answer(flow_state, code, error, iss)
    sealed = request.cookies.get(FLOW_COOKIE)
    try:
        finished = await accounts.outside.finish(issuer_id, sealed, answer, place)
    except NotAdmitted as refused:
        return _to_sign_in(refused, secure=secure_cookies)
    cookies = cookies_of(finished.signed_in, secure=secure_cookies)
    over = _flow_cookie("", secure=secure_cookies)
    return _to(finished.next_path, [*cookies, over])


def _to_sign_in(refused: NotAdmitted, *, secure: bool) -> Response[None]:
    """Return to the sign-in page, which says why; behind `#` no log has it."""
    address = f"/sign-in#problem={refused.problem.value}"
    return _to(address, [_flow_cookie("", secure=secure)])


def _to(address: str, cookies: list[Cookie]) -> Response[None]:
    headers = {**PRIVATE, "Location": address, "Referrer-Policy": "no-referrer"}
    return Response(None, status_code=302, headers=headers, cookies=cookies)


def _flow_cookie(value: str, *, secure: bool) -> Cookie:
    """Return what binds a sign-in to the browser that began it; empty removes it.

    SameSite=Lax: the browser comes back from another site.
    """
    life = int(outside_rules.FLOW_LIFE.total_seconds()) if value else 0
    return Cookie(
        key=FLOW_COOKIE,
        value=value,
        max_age=life,
        path=FLOW_PATH,
        httponly=True,
        samesite="lax",
        secure=secure,
    )


ROUTES = [start_outside, finish_outside]
