"""Answers that sign a browser in or out."""

from typing import Any

from litestar import Request, Response
from litestar.datastructures import Cookie

from quadrangle.accounts.http import wire
from quadrangle.accounts.model import Access, SignedIn

# Tokens, made secrets and what belongs to one person have no place in a cache.
from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.answers.errors import Problem
from quadrangle.http.asking.auth import (
    SESSION_COOKIE,
    access_cookie,
    device_cookie,
    signed_in_cookies,
    signed_out_cookies,
)
from quadrangle.kernel.errors import NotSignedIn


def signed_in(
    session: SignedIn, *, secure: bool, mark: str | None = None
) -> Response[wire.SignedInAnswer]:
    """Return the answer to a sign-in: tokens for programs, cookies for pages; with the `mark` of
    the device where it is known from now on."""
    device = [device_cookie(mark, secure=secure)] if mark else []
    return Response(
        wire.signed_in(session),
        status_code=200,
        cookies=[*cookies_of(session, secure=secure), *device],
        headers=PRIVATE,
    )


def still_signed_in(session: SignedIn, *, secure: bool) -> Response[None]:
    """Return an answer without a body that gives a page its new tokens."""
    return Response(
        None, status_code=204, cookies=cookies_of(session, secure=secure), headers=PRIVATE
    )


def signed_out(*, secure: bool) -> Response[None]:
    """Return an answer without a body that removes the cookies."""
    cookies = signed_out_cookies(secure=secure)
    return Response(None, status_code=204, cookies=cookies, headers=PRIVATE)


def no_longer_signed_in(error: NotSignedIn, *, secure: bool) -> Response[Problem]:
    """Return the refusal to refresh, which removes the cookies."""
    cookies = signed_out_cookies(secure=secure)
    return Response(Problem(error.message), status_code=401, cookies=cookies, headers=PRIVATE)


def cookies_of(session: SignedIn, *, secure: bool) -> list[Cookie]:
    """Return the cookies of a sign-in."""
    access = (session.access_token, session.expires_in)
    refresh = (session.refresh_token, session.refresh_expires_in)
    return signed_in_cookies(access, refresh, secure=secure)


def carried_on(
    access: Access | None, request: Request[Any, Any, Any], *, secure: bool
) -> list[Cookie]:
    """Return the cookie by which the page that asked stays signed in, as others do not.

    A program gets none: it refreshes, as when its access token has run out.
    """
    if access is None or SESSION_COOKIE not in request.cookies:
        return []
    return [access_cookie((access.token, access.expires_in), secure=secure)]
