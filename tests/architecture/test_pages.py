"""Pages name what they need, and what they name is there."""

import re
from pathlib import Path

import pytest

from tools import preloads

WEB = preloads.WEB
NAMED = re.compile(r'(?:src|href)="(/[^"]+\.(?:js|css|svg|woff2|webmanifest))"')
# Modules that are loaded when they are needed.
LATER = re.compile(r"""import\(\s*["'](\.[^"']+)["']""")
PAGES = [pytest.param(path, id=path.stem) for path in preloads.pages()]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_preloads_exactly_the_modules_it_will_need(page: Path):
    html = page.read_text()
    assert preloads.with_preloads(html) == html, "`make preloads` puts it right"


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_is_there(page: Path):
    named = NAMED.findall(page.read_text())
    ours = [address for address in named if not address.startswith("/vendor/")]
    assert [address for address in ours if not (WEB / address[1:]).is_file()] == []


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_of_others_is_there(page: Path):
    if not (WEB / "vendor" / ".done").exists():
        pytest.skip("nothing of others is there: Node.js is needed to install it")
    named = NAMED.findall(page.read_text())
    theirs = [address for address in named if address.startswith("/vendor/")]
    assert [address for address in theirs if not (WEB / address[1:]).is_file()] == []


def test_every_stylesheet_and_script_is_used_by_some_page():
    named = {address for page in preloads.pages() for address in NAMED.findall(page.read_text())}
    scripts = [address for address in named if address.startswith("/js/")]
    for script in scripts:  # grows while it is gone through
        later = LATER.findall((WEB / script[1:]).read_text())
        wanted = [
            f"/{(WEB / script[1:]).parent.joinpath(one).resolve().relative_to(WEB.resolve())}"
            for one in later
        ]
        fresh = [one for one in (*wanted, *preloads.imports(script)) if one not in named]
        named.update(fresh)
        scripts += fresh
    ours = [path for folder in ("js", "css") for path in (WEB / folder).rglob("*.*")]
    assert [path for path in ours if f"/{path.relative_to(WEB)}" not in named] == []


# Pages that put services together name here whose parts they show.
GUESTS = {
    ("/js/mail/outbox.js", "/js/operation/dead-letters.js"),
    ("/js/accounts/own/entry.js", "/js/meetings/materials/reminders.js"),
}


def room_of(address: str) -> str:
    return address.split("/")[2]


def test_scripts_use_their_own_room_and_those_below():
    floors = {"base": {"base"}, "parts": {"base", "parts"}}
    for path in sorted((WEB / "js").rglob("*.js")):
        module = f"/{path.relative_to(WEB)}"
        allowed = floors.get(room_of(module), {"base", "parts", room_of(module)})
        strange = {(module, one) for one in preloads.imports(module) if room_of(one) not in allowed}
        assert strange <= GUESTS


def test_words_stand_in_files_called_texts():
    """What is translated is found by its name."""
    named = {path.name for path in (WEB / "js").rglob("*.js") if "text" in path.name}
    assert named == {"texts.js"}
    for path in (WEB / "js").rglob("texts.js"):
        assert re.search(r"^export const texts = \{$", path.read_text(), re.M), path


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Modules written in every way that ours are."""
    (tmp_path / "js" / "deep").mkdir(parents=True)
    modules = {
        "a.js": 'import { one,\n  two } from "./deep/b.js";\nimport "./c.js";\nimport("./d.js");\n',
        "c.js": 'export { x } from "./deep/b.js";\nexport const from = "./d.js";\n',
        "d.js": "",
        "deep/b.js": 'import * as all from "../c.js";\n// import "../d.js";\n',
        "e.js": 'import "./d.js";\n',
    }
    for name, text in modules.items():
        (tmp_path / "js" / name).write_text(text)
    return tmp_path


def test_modules_are_found_once_and_those_of_the_first_script_first(site: Path):
    found = preloads.needed(["/js/e.js", "/js/a.js"], site)
    assert found == ["/js/d.js", "/js/deep/b.js", "/js/c.js"]


def test_what_is_imported_when_it_is_wanted_is_not_preloaded(site: Path):
    assert preloads.needed(["/js/a.js"], site) == ["/js/deep/b.js", "/js/c.js"]


def test_lines_of_modules_no_longer_needed_go(site: Path):
    page = (
        '    <link rel="modulepreload" href="/js/gone.js">\n'
        '    <script type="module" src="/js/e.js"></script>\n'
    )
    assert preloads.named(preloads.with_preloads(page, site)) == ["/js/d.js"]
