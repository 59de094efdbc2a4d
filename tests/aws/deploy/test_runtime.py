"""What functions run on: Lambda's Python and its C library, and what is built for them."""

import re
import struct
import sys
from pathlib import Path

import msgspec
import pytest

from deploy.aws.inventory.runtime import GLIBC, RUNTIME
from tests.standin.expanded import resources
from tests.standin.server import MISSING, PYTHON
from tools import find_python
from tools.build_lambda import PLATFORM, check_binaries
from tools.glibc import needed, versions_in

# AWS's list of runtimes: Amazon Linux 2 has glibc 2.26, Amazon Linux 2023 has 2.34.
C_LIBRARIES = {
    **dict.fromkeys(("python3.10", "python3.11"), (2, 26)),
    **dict.fromkeys(("python3.12", "python3.13", "python3.14"), (2, 34)),
}


@pytest.mark.skipif(not PYTHON.exists(), reason=MISSING)
def test_every_function_has_the_runtime_that_packages_are_built_for():
    functions = resources("AWS::Lambda::Function")
    assert len(functions) > 10
    assert {each["Runtime"] for each in functions.values()} == {RUNTIME}
    assert {str(each["Architectures"]) for each in functions.values()} == {"['x86_64']"}


def test_libraries_are_chosen_for_the_c_library_of_the_runtime():
    assert C_LIBRARIES[RUNTIME] == GLIBC
    machine, major, minor = re.fullmatch(r"(\w+?)-manylinux_(\d+)_(\d+)", PLATFORM).groups()
    assert machine == "x86_64"
    assert (int(major), int(minor)) <= GLIBC


# -- reading binaries --------------------------------------------------------------------------


def binary(*libraries: tuple[str, ...]) -> bytes:
    """Return an ELF file that needs symbols of these versions, of one library after another."""
    texts = b"\0" + b"".join(name.encode() + b"\0" for names in libraries for name in names)
    needs = b""
    for number, names in enumerate(libraries):
        last = number == len(libraries) - 1
        following = 0 if last else 16 * (len(names) + 1)
        needs += struct.pack("<HHIII", 1, len(names), 0, 16, following)
        for place, name in enumerate(names):
            after = 0 if place == len(names) - 1 else 16
            at = texts.index(b"\0" + name.encode() + b"\0") + 1
            needs += struct.pack("<IHHII", 0, 0, 0, at, after)
    start = 64 + 3 * 64
    rows = [
        (0, 0, 0, 0),
        (0x6FFFFFFE, start, len(needs), 2),
        (3, start + len(needs), len(texts), 0),
    ]
    head = b"\x7fELF\x02\x01\x01".ljust(16, b"\0") + struct.pack("<HHI", 3, 62, 1)
    head += struct.pack("<QQQIHHHHHH", 0, 0, 64, 0, 64, 0, 0, 64, 3, 0)
    table = b"".join(
        struct.pack("<IIQQQQIIQQ", 0, kind, 0, 0, at, size, link, 0, 0, 0)
        for kind, at, size, link in rows
    )
    return head + table + needs + texts


@pytest.mark.parametrize(
    ("names", "versions"),
    [
        (("GLIBC_2.2.5", "GLIBC_2.28"), {(2, 2), (2, 28)}),
        (("GLIBC_2.4", "GLIBC_ABI_DT_RELR"), {(2, 4), (2, 36)}),
        (("GLIBC_PRIVATE", "GCC_3.0"), set()),
    ],
)
def test_the_versions_a_binary_needs(names: tuple[str, ...], versions: set[tuple[int, int]]):
    assert versions_in(binary(names)) == versions
    assert versions_in(binary(("ZLIB_1.2",), names)) == versions


def test_a_library_that_is_installed_here():
    (extension,) = Path(msgspec.__file__).parent.glob("_core*.so")
    content = extension.read_bytes()
    said = re.findall(rb"GLIBC_(\d+)\.(\d+)", content)
    found = versions_in(content)
    assert found
    assert found <= {(int(major), int(minor)) for major, minor in said}


def test_what_is_no_binary_is_refused():
    with pytest.raises(ValueError, match="64-bit"):
        versions_in(b"INPUT(libc.so.6)")


def test_a_package_that_lambda_cannot_run_is_not_built(tmp_path: Path):
    (tmp_path / "old.so").write_bytes(binary(("GLIBC_2.34",)))
    check_binaries(tmp_path)
    (tmp_path / "new.so.1").write_bytes(binary(("GLIBC_2.38",)))
    assert needed(tmp_path) == {tmp_path / "new.so.1": (2, 38), tmp_path / "old.so": (2, 34)}
    with pytest.raises(SystemExit, match=r"new\.so\.1 needs glibc 2\.38, and .* has 2\.34"):
        check_binaries(tmp_path)


# -- the Python that compiles, and that the stand-in runs functions by -------------------------


def here() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def command(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_a_python_of_a_version_is_found_where_there_is_one_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/bin:/usr/bin")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_python.found(here()) == Path(sys.executable)
    assert find_python.found("9.9") is None
    command(tmp_path / "bin", "python9.9", "echo no version was chosen >&2; exit 127")
    assert find_python.found("9.9") is None
    behind = command(tmp_path / ".pyenv" / "versions" / "9.9.2" / "bin", "python", "echo 9.9")
    assert find_python.found("9.9") == behind
    chosen = command(tmp_path / "bin", "python9.9", "echo 9.9")
    assert find_python.found("9.9") == chosen


def test_without_one_this_python_runs_functions_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(find_python, "LAMBDA_VERSION", "9.9")
    find_python.main()
    printed = capsys.readouterr()
    assert printed.out == f"{sys.executable}\n"
    assert "no Python 9.9 on this machine" in printed.err
    assert f"runs functions by Python {here()}" in printed.err
