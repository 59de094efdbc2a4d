"""Answers that sign a browser in or out."""

from typing import Any

from litestar import Response

from quadrangle.accounts import wire
from quadrangle.accounts.model import SignedIn
from quadrangle.http.auth import signed_in_cookies, signed_out_cookies
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


def signed_out(
    status: int, *, secure: bool, problem: QuadrangleError | None = None
) -> Response[Any]:
    """Return an answer that removes the cookies, and says why where there is a problem."""
    content = None if problem is None else Problem(problem.message)
    cookies = signed_out_cookies(secure=secure)
    return Response(content, status_code=status, cookies=cookies, headers=PRIVATE)
