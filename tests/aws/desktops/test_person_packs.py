"""What a machine of EC2 packs to be taken home is bounded, and says what did not fit."""

import io
import zipfile
from pathlib import Path

import pytest

from deploy.aws.desktop import person
from quadrangle.aws.desktops.files import TAKE_HOME

MIB = 1024 * 1024


def packed(home: Path) -> dict[str, bytes]:
    out = io.BytesIO()
    person.pack(out, home)
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_fits_is_taken_home_and_the_rest_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(person, "LARGEST", 10)
    folder = tmp_path / "Take home"
    folder.mkdir()
    for name, size in {"a.txt": 6, "b large.bin": 20, "c.txt": 4}.items():
        (folder / name).write_bytes(b"x" * size)
    assert packed(tmp_path) == {
        "a.txt": b"xxxxxx",
        "c.txt": b"xxxx",
        "Left out.txt": b"These did not fit:\nb large.bin\n",
    }
    (folder / "b large.bin").unlink()
    assert set(packed(tmp_path)) == {"a.txt", "c.txt"}


def test_a_zip_of_what_fits_is_taken_by_the_bucket():
    """What cannot be pressed grows a little, and each file has its head."""
    assert person.LARGEST + 4 * MIB <= TAKE_HOME
