"""Writes into each page the modules it will need: `preloads.py`, run by `make preloads`.

A browser learns of a module's imports only once the module is there, so a page of forty modules
would be as many steps away as its imports are deep. Each page names them all instead: first what
the frame needs, as nothing is painted without it. A test in tests/architecture holds pages to it.
"""

import re
from pathlib import Path

WEB = Path(__file__).parents[1] / "src" / "quadrangle" / "web"
IMPORT = re.compile(
    r"""^(?:import|export)\b[^"';]*?\bfrom\s*["']([^"']+)["']|^import\s*["']([^"']+)["']""", re.M
)
SCRIPT = re.compile(r'<script type="module" src="([^"]+)"')
LINE = re.compile(r'^ *<link rel="modulepreload" href="([^"]+)">\n', re.M)
BEFORE = '    <script type="module"'


def pages() -> list[Path]:
    """Every page, vendored ones aside."""
    own = (path for path in WEB.rglob("*.html") if WEB / "vendor" not in path.parents)
    return sorted(own)


def imports(module: str, web: Path = WEB) -> list[str]:
    """Addresses of the modules that the one at `module` (`/js/…`) imports as it loads."""
    path = web / module.lstrip("/")
    found = IMPORT.findall(path.read_text())
    named = [plain or bare for plain, bare in found]
    # what comes from others is not ours to look into
    targets = [(path.parent / one).resolve() for one in named if one.startswith(".")]
    ours = [target for target in targets if web.resolve() / "vendor" not in target.parents]
    return [f"/{target.relative_to(web.resolve())}" for target in ours]


def needed(entries: list[str], web: Path = WEB) -> list[str]:
    """Addresses of all modules behind `entries`: those of the first entry first, nearest first."""
    found: list[str] = []
    for entry in entries:
        reached = [entry]
        for module in reached:
            reached += [one for one in dict.fromkeys(imports(module, web)) if one not in reached]
        found += [one for one in reached[1:] if one not in found]
    return [one for one in found if one not in entries]


def named(html: str) -> list[str]:
    """Addresses that a page preloads."""
    return LINE.findall(html)


def with_preloads(html: str, web: Path = WEB) -> str:
    """A page that preloads what its scripts need, and nothing else."""
    wanted = needed(SCRIPT.findall(html), web)
    lines = "".join(f'    <link rel="modulepreload" href="{address}">\n' for address in wanted)
    return LINE.sub("", html).replace(BEFORE, lines + BEFORE, 1)


def main() -> None:
    for path in pages():
        html = path.read_text()
        written = with_preloads(html)
        if written != html:
            path.write_text(written)
            print(path.relative_to(WEB))


if __name__ == "__main__":
    main()
