"""Requests for the two calls that everyone makes, good and bad in any way a client may think of."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from tests.http.base.both_ways import PROXY, Headers, Request, length_of

GOOD = {"issueType": "Network", "location": "Library", "description": "The door does not close."}
JSON = b"application/json"

_texts = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            *("", "   ", "\n\t", "a\x00b", "a\x1bb", "x" * 5000, "x" * 5001, "\u202etxet"),
            *("issueType", "<b>", "𝕌🎓", "العربية", "%s{0}", "\\u0000", "Other", "network"),
        ]
    ),
)
_emails = st.sampled_from(
    [None, "", " ", "sam@campus.example", "SAM@campus.example", "no address", "a@b", "ä@ö.example"]
)
_numbers = st.one_of(
    st.integers(), st.floats(), st.sampled_from([0, -0.0, 2**53, 2**64, 10**400, 1e308])
)
_values = st.recursive(
    st.one_of(st.none(), st.booleans(), _numbers, _texts),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
_reports = st.fixed_dictionaries(
    {"issueType": _texts, "location": _texts, "description": _texts},
    optional={"email": _emails, "name": _texts, "more": _values},
)
_faulty = st.fixed_dictionaries(
    {}, optional=dict.fromkeys([*GOOD, "email", "name", "Location", "unknown"], _values)
)
_RAW = [
    *(b"", b"{", b"}", b"null", b"[]", b'"text"', b"12", b"-", b"{}", b" {} ", b"{}x", b"NaN"),
    *(b"\xff\xfe", b"\x00", b"{'a': 1}", b"issueType=a&location=b", b"\xef\xbb\xbf{}", b"tru"),
    *(b"[" * 2000, b'{"a":' * 2000, b'{"issueType":' + b"[" * 1100 + b"]" * 1100 + b"}"),
    b'{"issueType":"a","location":"b","description":"c","location":"d"}',
    b'{"issueType":"a","location":"b","description":"x","descripti\\u006fn":"y"}',
    b'{"issueType":"a","location":"b","description":"\\ud800"}',
    b'{"issueType":"a","location":"b","description":"\\ud83c\\udf93"}',
    b'{"issueType":"a","location":"b","description":"\\u0000"}',
    b'{"issueType":"a","location":"b","description":"\xc3\x28"}',
    b'{"issueType":"a","location":"b","description":"\xed\xa0\x80"}',
    b'{"issueType":"a","location":"b","description":1e999}',
    b'{"issueType":"a","location":"b","description":' + b"9" * 5000 + b"}",
    b'{"issueType":"a","location":"b","description":"c","more":' + b"9" * 5000 + b"}",
    b'{"issueType":"a","location":"b","description":"c",}',
    b'{"issueType":"a" "location":"b"}',
    b'{"issueType":"a","location":"b","description":"c","":1,"":2}',
]


@st.composite
def _bodies(draw: Any) -> bytes:
    if draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(_RAW))
    report = draw(st.one_of(_reports, _faulty))
    escaped = draw(st.booleans())
    text = json.dumps(report, ensure_ascii=escaped)
    coding = draw(st.sampled_from(["utf-8"] * 6 + ["utf-16", "utf-8-sig", "latin-1"]))
    content = bytearray(text.encode(coding, "surrogatepass" if coding == "utf-8" else "replace"))
    if draw(st.integers(0, 5)) == 0 and content:
        at = draw(st.integers(0, len(content) - 1))
        content[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=3))
    return bytes(content)


_TYPES = [
    *(b"application/json", b"Application/JSON", b"application/json; charset=utf-8"),
    *(b"application/json;charset=UTF-8", b"application/json; charset=utf-16", b"text/plain"),
    *(b"application/merge-patch+json", b"application/x-www-form-urlencoded", b"nonsense", b""),
    *(b"multipart/form-data; boundary=x", b"application/jsonp", b"\xff", b"application/json,"),
    b"application/x-msgpack",
]
_SIGNED = [
    *(b"Bearer {staff}", b"bearer {admin}", b"Bearer  {staff} ", b"Bearer {key}", b"Bearer"),
    *(b"Bearer {reader}", b"Bearer x.y.z", b"Basic YTpi", b"", b"Bearer {staff}x", b"\xff\xfe"),
]
_KEYS = [b"{key}", b"{reader}", b"qk_nothing", b"", b"{staff}"]
_COOKIES = [
    *(b"quadrangle_session={staff}", b"quadrangle_signed_in=1", b"a=b; c", b"=;;=", b""),
    *(b"quadrangle_session={staff}; quadrangle_signed_in=x", b'quadrangle_session="{staff}"'),
    *(b"quadrangle_session=x; quadrangle_signed_in=y", b"quadrangle_session=%7Bx\xff"),
]
_OTHERS: list[tuple[bytes, list[bytes]]] = [
    (b"authorization", _SIGNED),
    (b"x-api-key", _KEYS),
    (b"cookie", _COOKIES),
    (b"x-requested-with", [b"quadrangle", b"XMLHttpRequest", b""]),
    (b"idempotency-key", [b"a", b"b", b"", b" ", b"k" * 300, b"\xe9t\xe9", b"a b", b"a\tb"]),
    (b"accept", [b"*/*", b"application/json", b"text/html", b"nonsense", b""]),
    (b"accept-encoding", [b"gzip, br", b"identity", b"gzip;q=0", b""]),
    (b"if-none-match", [b"*", b'"x"', b""]),
    (b"origin", [b"https://elsewhere.example", b"null", b"http://127.0.0.1:8000", b""]),
    (b"sec-fetch-site", [b"same-origin", b"cross-site"]),
    (b"host", [b"127.0.0.1:8000", b"[::1]:8000", b"campus.example", b"", b"a b", b"x/y", b"\xff"]),
    (b"x-forwarded-for", [b"203.0.113.5", b"203.0.113.5, 10.0.0.9", b"x", b"2001:db8::1", b""]),
    (b"transfer-encoding", [b"chunked"]),
    (b"content-encoding", [b"gzip", b"identity"]),
    (b"content-type", _TYPES),
    (b"expect", [b"100-continue"]),
    (b"range", [b"bytes=0-1"]),
    (b"user-agent", [b"tests"]),
    (b"x-http-method-override", [b"PUT"]),
]
_WHO = ("authorization", "x-api-key", "cookie", "idempotency-key")
_others = st.sampled_from([*_OTHERS, *[e for e in _OTHERS if e[0].decode() in _WHO] * 4]).flatmap(
    lambda each: st.tuples(st.just(each[0]), st.sampled_from(each[1]))
)
_more_headers = st.lists(_others, min_size=1, max_size=3)
_METHODS = ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "QUERY"]
_methods = st.sampled_from(_METHODS)
_QUERIES = [b"x=1", b"a=%ff&&=", b"issueId=1"]
_queries = st.sampled_from(_QUERIES)
_CLIENTS = ["192.0.2.7", "192.0.2.8", "2001:db8::7", "nonsense", PROXY]
_clients = st.sampled_from(_CLIENTS)
_ROOTS = ["/prod", "/x", "/report-issue"]
_roots = st.sampled_from(_ROOTS)

_REPORT_PATHS = [
    *("/report-issue/", "//report-issue", "/Report-Issue", "/report-issue/x", "/report-issue%"),
    *("/prod/report-issue", "/prod//report-issue", "/prod/prod/report-issue", "/report-issue "),
]
_ISSUES = [
    *(
        "{known}",
        "{known}/",
        "{known}/x",
        "",
        "/",
        "x",
        "a b",
        "é",
        "..",
        "%00",
        "\x00",
        "{known}x",
    ),
    *("00000000-0000-4000-8000-000000000000", "00000000-0000-4000-8000-00000000000A", "a" * 65),
    *("0" * 32, "-" * 36, "{{known}}", "٠" * 36, "a;b", "a?b", "{known}\n"),
]


# What may be odd of a request, by how often it is; seldom more than two at once, so that each is
# seen where nothing else decides.
_ODD_REPORT = st.sampled_from(
    [*["body"] * 4, *["headers"] * 5, *("type", "sent", "method", "path", "query", "root")]
)
_ODD_LOOK_UP = st.sampled_from(
    [*["headers"] * 4, *["id"] * 3, *("method", "path", "query", "root")]
)


@st.composite
def reports(draw: Any) -> Request:
    """A report, most of the time as clients send it."""
    odd = draw(st.sets(_ODD_REPORT, max_size=2))
    good = {**GOOD, "description": draw(st.text("abc", min_size=1, max_size=3))}
    body = draw(_bodies()) if "body" in odd else json.dumps(good).encode()
    headers: Headers = [(b"host", b"127.0.0.1:8000")]
    headers.append((b"content-type", draw(st.sampled_from(_TYPES)) if "type" in odd else JSON))
    announced, pieces, breaks_off = str(len(body)).encode(), draw(_cut(body)), False
    if "sent" in odd:
        announced, pieces, breaks_off = draw(_sent(body))
    if announced is not None:
        headers.append((b"content-length", announced))
    headers = _with_more(headers, draw(_more_headers) if "headers" in odd else [], draw)
    return Request(
        method=draw(_methods) if "method" in odd else "POST",
        path=draw(st.sampled_from(_REPORT_PATHS)) if "path" in odd else "/report-issue",
        headers=draw(st.permutations(headers)),
        pieces=pieces,
        query=draw(_queries) if "query" in odd else b"",
        client=draw(_clients),
        breaks_off=breaks_off,
        says_last=draw(st.booleans()),
        root=draw(_roots) if "root" in odd else "",
    )


def _with_more(headers: Headers, more: Headers, draw: Any) -> Headers:
    """Add headers, in the place of those of the same name or beside them."""
    names = {name for name, _ in more} if draw(st.booleans()) else set[bytes]()
    return [each for each in headers if each[0] not in names] + more


@st.composite
def _sent(draw: Any, body: bytes) -> tuple[bytes | None, tuple[bytes, ...], bool]:
    """Return a body as it is announced, and what comes of it: never more than was announced."""
    right = str(len(body)).encode()
    way = draw(st.integers(0, 3))
    if way == 0:
        return None, draw(_cut(body)), draw(st.booleans())
    if way == 1:
        return right, draw(_cut(body[: draw(st.integers(0, len(body)))])), True
    if way == 2:
        longer = draw(st.sampled_from([1, 100, 65536, 10**9, 10**30]))
        return str(len(body) + longer).encode(), draw(_cut(body)), draw(st.booleans())
    strange = draw(st.sampled_from([b"+5", b"0" * 9 + right, b" 5", b"-1", b"abc", b"", b"\xb2"]))
    return strange, draw(_cut(body)), draw(st.booleans())


@st.composite
def _cut(draw: Any, body: bytes) -> tuple[bytes, ...]:
    places = sorted(draw(st.lists(st.integers(0, len(body)), max_size=draw(st.integers(0, 3)))))
    return tuple(body[a:b] for a, b in zip([0, *places], [*places, len(body)], strict=True))


@st.composite
def look_ups(draw: Any) -> Request:
    """A look-up, most of the time of the report before it."""
    odd = draw(st.sets(_ODD_LOOK_UP, max_size=2))
    headers: Headers = [(b"host", b"127.0.0.1:8000")]
    headers = _with_more(headers, draw(_more_headers) if "headers" in odd else [], draw)
    issue = draw(st.sampled_from(_ISSUES)) if "id" in odd else "{known}"
    stage = draw(st.sampled_from(["/prod", "/", "/x"])) if "path" in odd else ""
    return Request(
        method=draw(_methods) if "method" in odd else draw(st.sampled_from(["GET", "HEAD"])),
        path=f"{stage}/issue-status/{issue}",
        headers=draw(st.permutations(headers)),
        pieces=draw(st.sampled_from([(), (b"{}",)])),
        query=draw(_queries) if "query" in odd else b"",
        client=draw(_clients),
        root=draw(_roots) if "root" in odd else "",
    )


def each_alone() -> list[Request]:
    """Return requests with one thing odd about them: each that there is."""
    return [*_odd_reports(), *_odd_look_ups()]


def a_report(
    *more: tuple[bytes, bytes],
    kind: bytes = JSON,
    content: bytes | None = None,
    **fields: Any,
) -> Request:
    """Return a report as clients send it."""
    if content is None:
        content = json.dumps({**GOOD, **fields}).encode()
    plain = [(b"host", b"127.0.0.1:8000"), (b"content-type", kind), length_of(content)]
    return Request(headers=_in_place(plain, more), pieces=(content,))


def a_look_up(*more: tuple[bytes, bytes], issue: str = "{known}") -> Request:
    """Return the look-up of the report before it."""
    plain = [(b"host", b"127.0.0.1:8000")]
    return Request("GET", f"/issue-status/{issue}", _in_place(plain, more))


def _in_place(headers: Headers, more: tuple[tuple[bytes, bytes], ...]) -> Headers:
    names = {name for name, _ in more}
    return [each for each in headers if each[0] not in names] + [*more]


def _odd_reports() -> Iterator[Request]:
    for name, values in _OTHERS:
        for value in values:
            yield a_report((name, value))
            yield a_report((name, value), (b"x-requested-with", b"quadrangle"))
    for content in _RAW:
        yield a_report(content=content)
    for field in [*GOOD, "email", "name", "more"]:
        for value in (None, 1, 1.5, True, [], {}, "", " ", "a\x00b", "x" * 5001, 10**400):
            yield a_report(**{field: value})
    good = a_report()
    (content,) = good.pieces
    for length in (b"0", b"5", b"00070", b"+70", b"70 ", b"-1", b"abc", b"", b"65537", b"9" * 30):
        came = content[: int(length)] if length == b"5" else content
        for breaks_off in (False, True):
            odd = a_report((b"content-length", length), content=came)
            yield replace(odd, breaks_off=breaks_off)
    yield replace(good, pieces=(content[:9],))
    yield replace(good, pieces=(content[:9], content[9:]), says_last=False)
    yield replace(good, pieces=(content[:9], content[9:20]), breaks_off=True)
    yield replace(good, pieces=(), breaks_off=True)
    for path in _REPORT_PATHS:
        yield replace(good, path=path)
    yield from _odd_ways(good)


def _odd_look_ups() -> Iterator[Request]:
    for name, values in _OTHERS:
        for value in values:
            yield a_look_up((name, value))
    for issue in _ISSUES:
        yield a_look_up(issue=issue)
    yield from _odd_ways(a_look_up())


def _odd_ways(good: Request) -> Iterator[Request]:
    for method in _METHODS:
        yield replace(good, method=method)
    for query in _QUERIES:
        yield replace(good, query=query)
    for client in _CLIENTS:
        yield replace(good, client=client)
    for root in _ROOTS:
        yield replace(good, root=root)
    for name, value in good.headers:
        yield replace(good, headers=[*good.headers, (name, value)])
        yield replace(good, headers=[each for each in good.headers if each[0] != name])
