"""Which pages an owner may name as those that hold a player."""

import pytest

from quadrangle.videos.offering.origin_rules import is_origin


@pytest.mark.parametrize(
    "origin",
    [
        "https://moodle.campus.example",
        "https://moodle.campus.example:8443",
        "https://a:65535",
        "https://[2001:db8::1]:444",
        "https://192.0.2.7",
        "http://localhost:8000",
        "http://moodle.localhost",
        "http://127.0.0.1:3000",
        "http://[::1]:3000",
    ],
)
def test_an_origin_is_scheme_host_and_port(origin: str):
    assert is_origin(origin)


@pytest.mark.parametrize(
    "wrong",
    [
        "http://moodle.campus.example",
        "http://127.0.0.1.evil.example",
        "http://127.x",
        "http://localhost.evil.example",
        "ftp://localhost",
        "https://moodle.campus.example/",
        "https://moodle.campus.example/course",
        "https://moodle.campus.example?a",
        "https://moodle.campus.example:",
        "https://moodle.campus.example:0",
        "https://moodle.campus.example:080",
        "https://moodle.campus.example:65536",
        "https://moodle.campus.example:99999",
        "https://-moodle.example",
        "https://moodle-.example",
        "https://moodle..example",
        "https://.example",
        "https://moodle.example.",
        f"https://{'a' * 64}.example",
        "https://999.1.1.1",
        "https://1.2.3",
        "https://0x7f.1",
        "https://[::1",
        "https://[12345::1]",
        "https://a b",
        "https://a;script-src *",
        "https://user@moodle.example",
        "https://*.example",
        "https://",
        "https://MOODLE.example",
        "https://moodle.example\n",
    ],
)
def test_what_is_none_is_refused(wrong: str):
    assert not is_origin(wrong)
