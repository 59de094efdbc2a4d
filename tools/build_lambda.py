"""Builds what the functions on AWS run: a folder for each package under dist/lambda/.

Each has locked libraries for Lambda's Linux and our own modules, with their bytecode, as a function
cannot keep any. The same sources give the same files, so that deploying them again changes nothing.
"""

import compileall
import os
import py_compile
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "quadrangle"
TARGET = ROOT / "dist" / "lambda"
PYTHON = "3.11"  # the functions' runtime, see deploy/aws
PLATFORM = "x86_64-manylinux_2_28"
# Of our own modules these serve one machine only.
LEFT_OUT = {
    "http": {"web", "sql", "cli.py", "__main__.py"},
    "accounts": {"web", "sql", "cli.py", "__main__.py"},
    "events": {"web", "sql", "http", "cli.py", "__main__.py"},
    "photos": {"web", "sql", "http", "cli.py", "__main__.py"},
}
# Of libraries, what no function imports; cffi and pycparser make bindings to C, which are made.
UNUSED = ("tests", "testing", "cli", "*.pyi", "RECORD", "INSTALLER", "REQUESTED", "_yaml*")
UNUSED += ("cffi", "pycparser", "share", "_testcapi*", "*.pxd", "*.h")
# A folder of a module for each standard, and what of it is imported: to check passkeys.
USED_OF = {"pyasn1_modules": ("__init__.py", "rfc5280.py")}
# Packages whose libraries go without their source: 11 MB zipped is the limit, and the source of
# libraries was 2 of 13. Our own stays, for the lines that tracebacks show.
SOURCELESS = ("http", "accounts")
SAME_TIME = 1_577_836_800  # 2020-01-01: a zip file remembers when its files were made


def main() -> None:
    """Build every package, or those named."""
    for name in sys.argv[1:] or LEFT_OUT:
        folder = TARGET / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _install(name, folder)
        ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
        shutil.copytree(SOURCE, folder / "quadrangle", ignore=ignored)
        for left_out in LEFT_OUT[name]:
            _remove(folder / "quadrangle" / left_out)
        _compile(folder)
        if name in SOURCELESS:
            _drop_sources(folder)
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        print(f"{folder.relative_to(ROOT)}: {size / 1e6:.1f} MB unpacked")


def _install(name: str, folder: Path) -> None:
    requirements = ROOT / "requirements" / f"lambda-{name}.txt"
    command = [ROOT / ".venv" / "bin" / "uv", "pip", "install", "--quiet", "--no-deps"]
    command += ["--target", folder, "--require-hashes", "--only-binary", ":all:"]
    command += ["--python-version", PYTHON, "--python-platform", PLATFORM, "-r", requirements]
    subprocess.run(command, check=True, cwd=ROOT)
    for pattern in UNUSED:
        for path in folder.rglob(pattern):
            _remove(path)
    for library, used in USED_OF.items():
        for path in folder.glob(f"{library}/*"):
            if path.name not in used:
                _remove(path)
    _remove(folder / "bin")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _compile(folder: Path) -> None:
    for path in folder.rglob("__pycache__"):
        _remove(path)
    compiled = compileall.compile_dir(
        folder,
        quiet=1,
        stripdir=str(folder),
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    if not compiled:
        raise SystemExit("Some modules cannot be compiled.")
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, (SAME_TIME, SAME_TIME))


def _drop_sources(folder: Path) -> None:
    """Put what libraries were compiled to where their source was."""
    for source in folder.rglob("*.py"):
        if source.is_relative_to(folder / "quadrangle"):
            continue
        (compiled,) = (source.parent / "__pycache__").glob(f"{source.stem}.cpython-*.pyc")
        compiled.rename(source.with_suffix(".pyc"))
        source.unlink()
    for path in folder.rglob("*"):
        os.utime(path, (SAME_TIME, SAME_TIME))


if __name__ == "__main__":
    main()
