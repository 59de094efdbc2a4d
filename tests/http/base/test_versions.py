"""Scripts and the like stand at addresses of their version, which browsers keep without asking."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from quadrangle.hosts.one_machine.pages import WEB, Pages
from quadrangle.hosts.shared.assets import KEPT, asset_files, version_of, with_versions

PAGE = (
    '<link rel="stylesheet" href="/css/look.css"><link rel="icon" href="/img/mark.svg">'
    '<script type="module" src="/js/page.js"></script><a href="/report">Report</a>'
)


@pytest.fixture
def web(tmp_path: Path) -> Path:
    for name in ("css/look.css", "img/mark.svg", "js/page.js", "vendor/.done", "vendor/lib.js"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "report.html").write_text(PAGE)
    return tmp_path


def get(pages: Pages, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    given = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "headers": given}
    asyncio.run(pages(scope, None, send))
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], told, sent[1]["body"].decode()


def named(page: str) -> list[str]:
    return re.findall(r'(?:href|src)="([^"]+)"', page)


def test_a_page_names_its_assets_where_browsers_keep_them(web: Path):
    pages = Pages(web)
    status, headers, page = get(pages, "/report")
    assert (status, headers["cache-control"]) == (200, "no-cache")
    *assets, link = named(page)
    assert link == "/report"
    assert len(assets) == 3
    for address in assets:
        status, headers, body = get(pages, address)
        assert (status, headers["cache-control"]) == (200, KEPT)
        assert address.endswith(body)


def test_plain_addresses_hold_and_are_asked_for_again(web: Path):
    status, headers, body = get(Pages(web), "/js/page.js")
    assert (status, headers["cache-control"], body) == (200, "no-cache", "js/page.js")


def test_another_version_gets_what_there_is_and_does_not_keep_it(web: Path):
    status, headers, body = get(Pages(web), "/v/0123456789abcdef/js/page.js")
    assert (status, headers["cache-control"], body) == (200, "no-cache", "js/page.js")


@pytest.mark.parametrize(
    "path", ["js/none.js", "report", "report.html", "js", "vendor/.done", "v/1/js/page.js", ""]
)
def test_below_a_version_there_are_assets_only(web: Path, path: str):
    pages = Pages(web)
    status, headers, _ = get(pages, f"/v/{version_of(web)}/{path}")
    assert status == 404
    assert headers.get("cache-control") != KEPT


def test_what_changes_while_it_is_served_has_another_version_at_once(web: Path):
    pages = Pages(web, again_s=0)
    _, before, page = get(pages, "/report")
    old = named(page)[2]
    (web / "js" / "page.js").write_text("another")
    _, after, page = get(pages, "/report")
    new = named(page)[2]
    assert old != new
    assert before["etag"] != after["etag"]
    assert get(pages, new)[1:] == (get(pages, new)[1] | {"cache-control": KEPT}, "another")
    assert get(pages, old)[1]["cache-control"] == "no-cache"


def test_a_page_that_names_the_same_is_not_sent_again(web: Path):
    pages = Pages(web)
    _, headers, _ = get(pages, "/report")
    status, told, _ = get(pages, "/report", if_none_match=headers["etag"])
    assert (status, told["cache-control"]) == (304, "no-cache")


def test_the_version_is_of_the_content_wherever_it_is_kept(web: Path, tmp_path_factory: Any):
    other = tmp_path_factory.mktemp("other")
    for path in asset_files(web):
        copy = other / path.relative_to(web)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())
    assert version_of(other) == version_of(web)
    (other / "js" / "page.js").rename(other / "js" / "renamed.js")
    assert version_of(other) != version_of(web)


def test_pages_leave_nothing_at_plain_addresses():
    for page in WEB.glob("*.html"):
        text = with_versions(page.read_bytes(), "x").decode()
        assert not re.findall(r'"/(?:js|css|img|vendor)/', text), page.name


def test_what_is_at_such_addresses_names_nothing_by_a_plain_one():
    ours = [path for path in asset_files(WEB) if WEB / "vendor" not in path.parents]
    absolute = re.compile(r"""["'(]/(?:js|css|img|vendor)/""")
    for path in ours:
        if path.suffix in {".js", ".css"}:
            assert not absolute.search(path.read_text()), path
