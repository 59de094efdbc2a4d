"""What a deployment is called by what it consists of: code, templates and parameters.

Versions of functions are published as it changes, and stay as they are where it does not.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
LENGTH = 20
# No function is told of it: it differs between the two halves of a first deployment.
_NOT_TOLD = ("Protected", "Release")


def release_of(parameters: Mapping[str, str], root: Path = ROOT) -> str:
    """Return its name, letters and digits."""
    found = hashlib.sha256()
    for name, value in sorted(parameters.items()):
        if name not in _NOT_TOLD:
            found.update(f"{name}={value}\0".encode())
    files = [*(root / "deploy" / "aws").glob("*.yaml"), *(root / "dist" / "lambda").rglob("*")]
    for path in sorted(each for each in files if each.is_file()):
        found.update(f"{path.relative_to(root)}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:LENGTH]
