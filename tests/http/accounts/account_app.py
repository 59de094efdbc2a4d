"""The account routes as an application of their own, and what tests ask of it as programs do."""

from typing import Any

from litestar import Litestar, Request
from litestar.di import Provide
from litestar.testing import AsyncTestClient

from quadrangle.accounts.http import routes as account_routes
from quadrangle.http.answers.downloads import StreamedDownloads
from quadrangle.http.answers.errors import EXCEPTION_HANDLERS
from quadrangle.http.asking.auth import provide_principal
from quadrangle.http.asking.limits import RateLimiter
from tests.account_desk import EMAIL, PASSWORD, Desk

Client = AsyncTestClient[Litestar]
PAGE = {"X-Requested-With": "quadrangle"}


def app_of(desk: Desk, *, secure: bool = False, limits: bool = False) -> Litestar:
    async def address(request: Request[Any, Any, Any]) -> str:
        return request.headers.get("X-Test-Address", "198.51.100.7")

    def constant(value: Any) -> Provide:
        return Provide(lambda: value, sync_to_thread=False)

    return Litestar(
        account_routes.ROUTES,
        dependencies={
            "accounts": constant(desk.service),
            "authenticator": constant(desk.service.authentication),
            "secure_cookies": constant(secure),
            "limiter": constant(RateLimiter(enabled=limits)),
            "downloads": constant(StreamedDownloads()),
            "client_address": Provide(address),
            "principal": Provide(provide_principal),
            **account_routes.DEPENDENCIES,
        },
        exception_handlers=EXCEPTION_HANDLERS,
    )


async def sign_in(client: Client, email: str = EMAIL, password: str = PASSWORD) -> dict[str, str]:
    """Sign in as a program does; return the header that says so."""
    body = {"email": email, "password": password}
    response = await client.post("/api/accounts/sign-in", json=body)
    assert response.status_code == 200, response.text
    client.cookies.clear()
    return {"Authorization": f"Bearer {response.json()['accessToken']}"}


def cookies_of(response) -> list[list[str]]:
    """Return each cookie that was set: its name, its value, then its attributes in order."""
    found = []
    for header in response.headers.get_list("set-cookie"):
        pair, *attributes = header.split("; ")
        found.append([*pair.split("=", 1), *sorted(attributes)])
    return found


async def hire(client: Client, headers, email="bo@campus.example", role="staff") -> dict[str, Any]:
    """Open an account with a password, as an admin does for someone who stands before them."""
    body = {"email": email, "name": "Bo", "role": role}
    response = await client.post("/api/accounts/people", json=body, headers=headers)
    assert response.status_code == 201, response.text
    path = f"/api/accounts/people/{response.json()['account']['accountId']}"
    password = (await client.post(path + "/password", headers=headers)).json()["password"]
    account = (await client.get(path, headers=headers)).json()
    return {"account": account, "password": password}
