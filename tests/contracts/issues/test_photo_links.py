"""Signed addresses of photos: what CloudFront answers, until when, and what it refuses."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config
from hypothesis import given, settings
from hypothesis import strategies as st

from quadrangle.aws.base.front_keys import FrontKey, SecretFrontKeys, encode_front_keys
from quadrangle.aws.base.remembered import STALE_AFTER
from quadrangle.aws.issues.photo_links import LIFE_S, CloudFrontPhotoLinks
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import Unavailable
from tests.aws_photos import PAGES, photo_key, public_half
from tests.cloudfront import is_allowed
from tests.properties import examples
from tests.standin.server import REGION, StandIn

IDS = {"a": "KAAAAAAAAAAAAA", "b": "KBBBBBBBBBBBBB"}
KEY = "photos/0d4c3a5e-1111-4222-8333-444455556666/7f3c3a5e-1111-4222-8333-444455556666"


def group() -> dict[str, str]:
    """The keys of both slots, as CloudFront has them while they are replaced."""
    return {IDS[slot]: public_half(photo_key(slot)) for slot in ("a", "b")}


def links(clock: ManualClock, *keys: FrontKey, ids: dict[str, str] = IDS) -> CloudFrontPhotoLinks:
    return CloudFrontPhotoLinks(lambda: list(keys), ids, PAGES, clock)


def allowed(url: str, clock: ManualClock, **other: dict[str, str]) -> bool:
    return is_allowed(url, other.get("group", group()), clock.now().timestamp())


def test_an_address_is_that_of_the_file_among_the_pages(clock: ManualClock):
    link = links(clock, photo_key("a")).link(KEY)
    assert link.seconds == LIFE_S == 15 * 60
    path, _, query = link.url.partition("?")
    assert path == f"{PAGES}/{KEY}"
    assert [pair.partition("=")[0] for pair in query.split("&")] == [
        *("Expires", "Signature", "Key-Pair-Id")
    ]
    assert allowed(link.url, clock)


def test_it_works_for_a_quarter_of_an_hour(clock: ManualClock):
    url = links(clock, photo_key("a")).link(KEY).url
    clock.advance(timedelta(seconds=LIFE_S - 1))
    assert allowed(url, clock)
    clock.advance(timedelta(seconds=1))
    assert not allowed(url, clock)


@pytest.mark.parametrize(
    ("was", "put"),
    [
        ("campus.example", "other.example"),
        ("https:", "http:"),
        ("photos/", "incoming/"),
        ("0d4c", "0d4d"),
        ("?Expires", "-thumbnail?Expires"),
        ("Expires=1", "Expires=2"),
        ("Expires=", "Expires=0"),
        ("Expires=", "Until="),
        ("Expires=", "Expires=x"),
        ("&Signature=", "&Signature=AAAA"),
        ("&Signature=", "&Signed="),
        ("Key-Pair-Id=KA", "Key-Pair-Id=KB"),
        ("Key-Pair-Id=KA", "Key-Pair-Id=KX"),
        ("&Key-Pair-Id=KAAAAAAAAAAAAA", ""),
        ("?Expires", "?size=large&Expires"),
        ("?Expires", "?Expires=9999999999&Expires"),
    ],
)
def test_an_address_that_was_changed_is_refused(clock: ManualClock, was: str, put: str):
    url = links(clock, photo_key("a")).link(KEY).url
    changed = url.replace(was, put, 1)
    assert changed != url
    assert not allowed(changed, clock)


def test_an_address_without_a_signature_is_refused(clock: ManualClock):
    assert not allowed(f"{PAGES}/{KEY}", clock)


@settings(max_examples=examples(30))
@given(st.from_regex(r"photos/[A-Za-z0-9._-]{1,40}/[A-Za-z0-9._-]{1,40}", fullmatch=True))
def test_every_key_of_a_file_can_be_signed(key: str):
    clock = ManualClock(datetime(2026, 11, 21, tzinfo=UTC))
    assert allowed(links(clock, photo_key("a")).link(key).url, clock)


# -- keys and their replacement ---------------------------------------------------------------


def test_the_first_key_signs_and_both_are_accepted(clock: ManualClock):
    old, new = photo_key("a"), photo_key("b")
    before = links(clock, old, new).link(KEY).url
    after = links(clock, new, old).link(KEY).url
    assert before.endswith(IDS["a"])
    assert after.endswith(IDS["b"])
    assert allowed(before, clock)
    assert allowed(after, clock)
    dropped = {IDS["b"]: public_half(new)}
    assert not allowed(before, clock, group=dropped)
    assert allowed(after, clock, group=dropped)


def test_a_key_that_cloudfront_does_not_know_yet_signs_nothing(clock: ManualClock):
    new, old = photo_key("b"), photo_key("a")
    url = links(clock, new, old, ids={"a": IDS["a"], "b": ""}).link(KEY).url
    assert url.endswith(IDS["a"])
    with pytest.raises(Unavailable):
        links(clock, new, ids={"a": IDS["a"], "b": ""}).link(KEY)


def secret_with(standin: StandIn, content: str) -> tuple[Any, str]:
    client = standin.client("secretsmanager")
    name = f"t{secrets.token_hex(4)}-PhotoKeys"
    client.create_secret(Name=name, SecretString=content)
    return client, name


def test_keys_are_read_again_after_some_minutes(standin: StandIn, clock: ManualClock):
    old, new = photo_key("a"), photo_key("b")
    client, name = secret_with(standin, encode_front_keys([old]))
    keys = SecretFrontKeys(client, name, clock)
    assert keys.current() == [old]
    client.put_secret_value(SecretId=name, SecretString=encode_front_keys([new, old]))
    clock.advance(STALE_AFTER - timedelta(seconds=1))
    assert keys.current() == [old]
    clock.advance(timedelta(seconds=1))
    assert keys.current() == [new, old]


@pytest.mark.parametrize("content", ["{", "{}", '{"keys": [{"slot": "c", "private": ""}]}'])
def test_what_are_no_keys_makes_photos_unavailable(
    standin: StandIn, clock: ManualClock, content: str
):
    client, name = secret_with(standin, content)
    with pytest.raises(Unavailable):
        SecretFrontKeys(client, name, clock).current()


def test_without_keys_an_outage_is_said(clock: ManualClock):
    nowhere = boto3.client(
        "secretsmanager",
        endpoint_url="http://127.0.0.1:1",
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )
    with pytest.raises(Unavailable):
        SecretFrontKeys(nowhere, "x", clock).current()


def test_a_key_does_not_show_in_logs():
    assert "PRIVATE" not in repr(photo_key("a"))
