"""Names of desktops at Cloudflare: one record for each, whatever was there before."""

import json
from collections.abc import Iterator

import msgspec
import pytest

from quadrangle.aws.base.secret_text import SecretText
from quadrangle.aws.desktops.cloudflare import CloudflareRoutes
from quadrangle.aws.desktops.cloudflare_token import CloudflareToken, secret_of
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.ids import new_id
from quadrangle.meetings.desktops.model import Machine, MachineState
from quadrangle.meetings.model import MeetingRole
from tests.cloudflare_api import DOMAIN, ZONE, CloudflareApi, cloudflare_running
from tests.standin.server import StandIn

MACHINE = Machine(
    machine_id="i-0123456789abcdef0",
    meeting_id="m",
    role=MeetingRole.TEACHER,
    generation=1,
    token="t",
    state=MachineState.RUNNING,
    address="203.0.113.7",
)
NAME = f"i-0123456789abcdef0.{DOMAIN}"


@pytest.fixture
def api() -> Iterator[CloudflareApi]:
    with cloudflare_running() as running:
        yield running


@pytest.fixture
def routes(api: CloudflareApi) -> CloudflareRoutes:
    return routes_at(api)


def routes_at(api: CloudflareApi, retries: int = 0) -> CloudflareRoutes:
    return CloudflareRoutes(lambda: "right-token", ZONE, DOMAIN, api.url, retries)


async def test_a_name_is_made_once_and_taken_off(routes: CloudflareRoutes, api: CloudflareApi):
    assert await routes.point(MACHINE) == f"https://{NAME}:8443"
    (record,) = api.records
    kept = {key: record[key] for key in ("type", "name", "content", "ttl", "proxied")}
    assert kept == {
        "type": "A",
        "name": NAME,
        "content": "203.0.113.7",
        "ttl": 1,
        "proxied": True,
    }
    before = dict(record)
    assert await routes.point(MACHINE) == f"https://{NAME}:8443"
    assert api.records == [before]
    await routes.take_off(MACHINE)
    await routes.take_off(MACHINE)
    assert api.records == []


async def test_another_address_is_corrected_and_no_second_record_made(routes, api: CloudflareApi):
    api.add(NAME, "198.51.100.1")
    await routes.point(MACHINE)
    assert api.contents(NAME) == ["203.0.113.7"]


async def test_of_many_records_one_is_kept_from_every_page(routes, api: CloudflareApi):
    """Cloudflare takes the same name with another address: people would reach either."""
    api.page_size = 2
    for last in range(5):
        api.add(NAME, f"198.51.100.{last}")
    right = api.add(NAME, "203.0.113.7")
    api.add(f"x{NAME}", "198.51.100.9")
    api.add(NAME, "2001:db8::1", type="AAAA")
    await routes.point(MACHINE)
    assert api.contents(NAME) == ["203.0.113.7", "2001:db8::1"]
    assert right in api.records
    assert api.contents(f"x{NAME}") == ["198.51.100.9"]


async def test_a_record_that_is_not_passed_on_is_put_right(routes, api: CloudflareApi):
    api.add(NAME, "203.0.113.7", proxied=False, ttl=120)
    await routes.point(MACHINE)
    assert [(each["proxied"], each["ttl"]) for each in api.records] == [(True, 1)]


@pytest.mark.parametrize("code", [81057, 81058])
async def test_who_is_too_late_is_done(api: CloudflareApi, code: int):
    """Two processes see no record, and both make it."""
    api.identical = code
    routes = routes_at(api)
    answer = api.answer

    def other_first(method: str, *rest: object):
        if method == "POST" and not api.records:
            api.add(NAME, "203.0.113.7")
        return answer(method, *rest)

    api.answer = other_first
    await routes.point(MACHINE)
    assert api.contents(NAME) == ["203.0.113.7"]


async def test_who_deletes_too_late_is_done(api: CloudflareApi):
    routes, answer = routes_at(api), api.answer
    api.add(NAME, "203.0.113.7")

    def other_first(method: str, *rest: object):
        if method == "DELETE":
            api.records.clear()
        return answer(method, *rest)

    api.answer = other_first
    await routes.take_off(MACHINE)
    assert api.calls[-1] == "DELETE"


async def test_a_name_that_leads_elsewhere_stays(routes, api: CloudflareApi):
    api.add(NAME, "198.51.100.1")
    await routes.take_off(MACHINE)
    await routes.take_off(msgspec.structs.replace(MACHINE, address=None))
    assert api.contents(NAME) == ["198.51.100.1"]


@pytest.mark.parametrize(
    "failure", [(400, 9106), (403, 10000), (429, 10100), (500, 1000), (503, 1), (400, 9005)]
)
async def test_what_else_is_refused_is_unavailable(routes, api: CloudflareApi, failure):
    for verb in (routes.point, routes.take_off):
        api.failures.append(failure)
        with pytest.raises(Unavailable):
            await verb(MACHINE)
    assert api.records == []


async def test_a_moment_of_trouble_is_overcome(api: CloudflareApi):
    routes = routes_at(api, retries=2)
    api.failures.extend([(429, 10100), (500, 1000)])
    await routes.point(MACHINE)
    assert api.contents(NAME) == ["203.0.113.7"]


async def test_a_server_that_is_away_is_unavailable(api: CloudflareApi):
    routes = CloudflareRoutes(lambda: "right-token", ZONE, DOMAIN, "http://127.0.0.1:9/", 0)
    with pytest.raises(Unavailable):
        await routes.point(MACHINE)


async def test_a_machine_without_an_address_gets_no_name(routes, api: CloudflareApi):
    with pytest.raises(Unavailable):
        await routes.point(msgspec.structs.replace(MACHINE, address=None))
    assert api.calls == []


async def test_a_new_token_is_used(api: CloudflareApi):
    tokens = ["old-token"]
    routes = CloudflareRoutes(lambda: tokens[-1], ZONE, DOMAIN, api.url, 0)
    with pytest.raises(Unavailable):
        await routes.point(MACHINE)
    tokens.append("right-token")
    await routes.point(MACHINE)


@pytest.mark.parametrize(
    ("content", "token"),
    [
        ({"CLOUDFLARE_API_TOKEN": "first"}, "first"),
        ({"CLOUDFLARE_TOKEN": "second"}, "second"),
        ({"CLOUDFLARE_TOKEN": "second", "CLOUDFLARE_API_TOKEN": "first"}, "first"),
        ({"CLOUDFLARE_API_TOKEN": "", "CLOUDFLARE_TOKEN": "second"}, "second"),
        (json.loads(secret_of("written")), "written"),
        ({"other": "x"}, None),
        (["x"], None),
        ("no JSON", None),
    ],
)
def test_the_token_stands_under_either_key(standin: StandIn, clock: ManualClock, content, token):
    client, name = standin.client("secretsmanager"), new_id()
    text = content if isinstance(content, str) else json.dumps(content)
    client.create_secret(Name=name, SecretString=text)
    secret = CloudflareToken(SecretText(client, name, clock))
    if token is None:
        with pytest.raises(Unavailable):
            secret.current()
    else:
        assert secret.current() == token
