"""The Authorization Code flow with PKCE (RFC 6749, 7636): the way out, and what a code gives."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from quadrangle.accounts.outside.model import Flow
from quadrangle.accounts.tokens.identity_ports import IssuerAway
from quadrangle.kernel.errors import Unavailable
from quadrangle.portable.single_sign_on import web
from quadrangle.portable.single_sign_on.discovery import Discovered

SCOPE = "openid email profile"


class Registration(msgspec.Struct, frozen=True):
    """How we are known to an issuer: `iss` is its address. `secret` returns the client secret, and
    may raise Unavailable; where it is empty we are a public client."""

    issuer_id: str
    name: str
    iss: str
    client_id: str
    redirect_uri: str
    secret: Callable[[], str] = str
    sign_up: bool = False

    def __repr__(self) -> str:
        return f"Registration({self.issuer_id!r})"  # never the secret


def authorization_address(registration: Registration, discovered: Discovered, flow: Flow) -> str:
    """Return where the browser goes to sign in."""
    asked = {
        "response_type": "code",
        "client_id": registration.client_id,
        "redirect_uri": registration.redirect_uri,
        "scope": SCOPE,
        "state": flow.state,
        "nonce": flow.nonce,
        "code_challenge": _challenge(flow.verifier),
        "code_challenge_method": "S256",
    }
    endpoint = discovered.authorization_endpoint
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"


async def redeem(
    registration: Registration, discovered: Discovered, flow: Flow, code: str
) -> dict[str, Any]:
    """Return what the issuer gives for a code: tokens, none of them checked.

    Raises IssuerAway, and Unavailable without our secret.
    """
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": registration.redirect_uri,
        "code_verifier": flow.verifier,
    }
    auth, secret = None, registration.secret()
    if not secret:
        form["client_id"] = registration.client_id
    elif "client_secret_basic" in discovered.token_endpoint_auth_methods_supported:
        # both are form-encoded first (RFC 6749, 2.3.1)
        auth = (quote(registration.client_id, safe=""), quote(secret, safe=""))
    else:
        form |= {"client_id": registration.client_id, "client_secret": secret}
    try:
        return await web.post_form(discovered.token_endpoint, form, auth)
    except web.Refused as error:
        raise IssuerAway(f"it did not take the code: {error.answer.get('error')!r:.60}") from error
    except Unavailable as error:
        raise IssuerAway("its token endpoint gave no answer that can be used") from error


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
