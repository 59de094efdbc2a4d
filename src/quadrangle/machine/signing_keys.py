"""The keys that sign our tokens, in one file that only its owner can read."""

from pathlib import Path

from quadrangle.accounts.signing_keys import SigningKey, decode_keys, encode_keys
from quadrangle.machine import key_files


def load_or_make(path: Path) -> list[SigningKey]:
    """Return the keys in `path`, made now when there are none; the first one signs.

    Raises KeysUnusable for a file that others may read or that is damaged.
    """
    content = key_files.load_or_make(path, lambda: encode_keys([SigningKey.make()]))
    return decode_keys(content, str(path))
