"""Finds a Python of a version on this machine: `python -m tools.find_python`.

Prints the one that the stand-in for AWS runs functions by: of Lambda's version where there is one,
else the one that runs this, and says so.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from deploy.aws.inventory.runtime import RUNTIME

LAMBDA_VERSION = RUNTIME.removeprefix("python")
_ASK = "import sys; print('%d.%d' % sys.version_info[:2])"


def found(version: str) -> Path | None:
    """Return a Python of a version like `3.13`; None when this machine has none."""
    return next((each for each in _candidates(version) if version_of(each) == version), None)


def _candidates(version: str) -> Iterator[Path]:
    yield Path(sys.executable)
    if on_path := shutil.which(f"python{version}"):
        yield Path(on_path)
    # pyenv's command of that name runs only a version that was chosen before
    yield from sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"), reverse=True)


def version_of(python: Path) -> str:
    """Return the version of a Python, empty when it cannot be run."""
    try:
        asked = subprocess.run([python, "-c", _ASK], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return asked.stdout.strip()


def main() -> None:
    python = found(LAMBDA_VERSION)
    if python is None:
        python = Path(sys.executable)
        print(
            f"There is no Python {LAMBDA_VERSION} on this machine, which Lambda has: the stand-in "
            f"runs functions by Python {version_of(python)}.",
            file=sys.stderr,
        )
    print(python)


if __name__ == "__main__":
    main()
