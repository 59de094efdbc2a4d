"""Answers that sign a browser in or out."""

from typing import Any

from litestar import Request, Response

from quadrangle.accounts import wire
from quadrangle.accounts.model import Access, SignedIn
from quadrangle.http.auth import (
    SESSION_COOKIE,
    access_cookie,
    signed_in_cookies,
    signed_out_cookies,
)
from quadrangle.http.errors import Problem
from quadrangle.kernel.errors import QuadrangleError

# Tokens, made secrets and what belongs to one person have no place in a cache.
PRIVATE = {"Cache-Control": "no-store"}


def signed_in(session: SignedIn, *, secure: bool, status: int = 200) -> Response[Any]:
    """Return the answer to a sign-in: tokens for programs, cookies for pages."""
    content = None if status == 204 else wire.signed_in(session)
    access = (session.access_token, session.expires_in)
    refresh = (session.refresh_token, session.refresh_expires_in)
    cookies = signed_in_cookies(access, refresh, secure=secure)
    return Response(content, status_code=status, cookies=cookies, headers=PRIVATE)


def carried_on(
    content: Any,
    access: Access | None,
    request: Request[Any, Any, Any],
    *,
    secure: bool,
    status: int = 200,
) -> Response[Any]:
    """Return an answer after which the page that asked is signed in still, as others are not.

    A program refreshes, as when its access token has run out.
    """
    cookies = []
    if access is not None and SESSION_COOKIE in request.cookies:
        cookies = [access_cookie((access.token, access.expires_in), secure=secure)]
    return Response(content, status_code=status, cookies=cookies, headers=PRIVATE)


def signed_out(
    status: int, *, secure: bool, problem: QuadrangleError | None = None
) -> Response[Any]:
    """Return an answer that removes the cookies, and says why where there is a problem."""
    content = None if problem is None else Problem(problem.message)
    cookies = signed_out_cookies(secure=secure)
    return Response(content, status_code=status, cookies=cookies, headers=PRIVATE)
