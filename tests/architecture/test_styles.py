"""What shared scripts draw has its looks in shared stylesheets, and pages have those they need."""

import re
from functools import cache
from pathlib import Path

import pytest

from tools import preloads

WEB = preloads.WEB
COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.S | re.M)
SELECTORS = re.compile(r"([^{};]+)\{")
CLASS = re.compile(r"\.([A-Za-z][\w-]*)")
SHEET = re.compile(r'rel="stylesheet" href="(/css/[^"]+)"')
# A class where one can be told from other words: said to be one, or with a hyphen.
SAID = re.compile(r"""\bclass(?:Name)?\s*[:=]\s*(["'`])(.*?)\1""")
LISTED = re.compile(r'\bclassList\.\w+\("([^"]+)"')
QUOTED = re.compile(r"""(["'`])((?:(?!\1)[^\n\\]|\\.)*)\1""")
FILLED_IN = re.compile(r"\$\{[^}]*\}")


def styled(css: str) -> set[str]:
    """Classes that a stylesheet has rules for."""
    selectors = SELECTORS.findall(COMMENT.sub("", css))
    return {name for selector in selectors for name in CLASS.findall(selector)}


def worn(script: str) -> set[str]:
    """Classes that a script gives to elements, as far as they can be told from other words."""
    code = COMMENT.sub("", script)
    said = " ".join([text for _, text in SAID.findall(code)] + LISTED.findall(code))
    quoted = " ".join(text for _, text in QUOTED.findall(code))
    hyphened = {word for word in FILLED_IN.sub(" ", quoted).split() if "-" in word}
    return set(FILLED_IN.sub(" ", said).split()) | hyphened


@cache
def rules() -> dict[str, set[str]]:
    """By class, the stylesheets that have rules for it."""
    found: dict[str, set[str]] = {}
    for path in (WEB / "css").rglob("*.css"):
        for name in styled(path.read_text()):
            found.setdefault(name, set()).add(f"/{path.relative_to(WEB)}")
    return found


def is_shared(address: str) -> bool:
    return address.split("/")[2] in {"base", "parts"}


def worn_by(module: str) -> set[str]:
    """Classes of a module that some stylesheet has rules for."""
    if module.endswith("/texts.js"):
        return set()
    return worn((WEB / module[1:]).read_text()) & rules().keys()


def test_classes_are_told_from_other_words():
    assert styled("/* .no */ .a.b > .c:not(.d-e) { margin: 0.5rem } @media x { .f { x: y } }") == {
        *("a", "b", "c", "d-e", "f")
    }
    script = """
    // "not-this"
    const x = h("p", { class: `one${two ? " three" : ""} four` }, "account");
    x.classList.toggle("five", six);
    function y(className = "seven eight") {}
    y("nine-ten");
    """
    assert worn(script) >= {"one", "four", "five", "seven", "eight", "nine-ten"}
    assert not {"account", "six", "not-this"} & worn(script)


def test_what_shared_scripts_draw_has_shared_looks():
    scripts = [path for room in ("base", "parts") for path in (WEB / "js" / room).rglob("*.js")]
    for path in sorted(scripts):
        module = f"/{path.relative_to(WEB)}"
        alone = [name for name in worn_by(module) if not any(map(is_shared, rules()[name]))]
        assert alone == [], f"{module}: rules of these stand in a service's stylesheet only"


@pytest.mark.parametrize("page", [pytest.param(one, id=one.stem) for one in preloads.pages()])
def test_a_page_has_the_looks_of_what_it_draws(page: Path):
    """Of what shared scripts draw it has the shared ones, whatever a service adds to them."""
    html = page.read_text()
    sheets = set(SHEET.findall(html))
    for module in preloads.named(html) + preloads.SCRIPT.findall(html):
        for name in worn_by(module):
            fitting = set(filter(is_shared, rules()[name])) if is_shared(module) else rules()[name]
            assert fitting & sheets, f"{module} draws .{name}: {sorted(fitting)}"


@pytest.mark.parametrize("page", [pytest.param(one, id=one.stem) for one in preloads.pages()])
def test_a_page_takes_the_looks_of_one_service(page: Path):
    services = {address.split("/")[2] for address in SHEET.findall(page.read_text())}
    assert len(services - {"base", "parts"}) <= 1
