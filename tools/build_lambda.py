"""Builds what the functions on AWS run: a folder for each package under dist/lambda/.

Each has locked libraries for Lambda's Linux and our own modules, with their bytecode, as a function
cannot keep any. The same sources give the same files, so that deploying them again changes nothing.

`python -m tools.build_lambda [--for PYTHON] [NAME …]` builds every package or those named: for
Lambda's Python, or for the Python at a path, as the stand-in runs functions.
"""

import argparse
import os
import shutil
import subprocess
from pathlib import Path

from deploy.aws.inventory.runtime import GLIBC, RUNTIME
from tools import database_ca, find_python, glibc

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "quadrangle"
TARGET = ROOT / "dist" / "lambda"
PLATFORM = "x86_64-manylinux_2_28"
# Of a service, what every function knows: what it declares.
_DECLARED = ("__init__.py", "declared.py")
# What makes desktops and films, which no function about issues or accounts imports.
_FAR = ("aws/desktops", "machine/desktops", "machine/videos")
_FAR += ("portable/rfb", "portable/terminal", "portable/gates")
# What videos have on AWS, which the functions about them alone need.
_OF_VIDEOS = (
    *("aws/videos", "hosts/workers", "hosts/shared/cloud_videos.py"),
    *(
        f"videos/{path.name}"
        for path in sorted((SOURCE / "videos").iterdir())
        if path.name not in _DECLARED
    ),
)
# All but what meetings declare, which every function knows.
_OF_MEETINGS = ("booking", "calendar", "control", "handouts", "http", "joining", "materials")
_OF_MEETINGS += ("outcome", "oversight", "presence", "recording", "room", "settling")
_OF_MEETINGS += ("take_home", "templates", "core.py", "service.py", "mails.py", "mail_texts.py")
_OF_MEETINGS += ("reactions.py", "reading.py", "writing.py", "columns.py")
# What answers requests about accounts, which other functions only ask who somebody is.
_CALLS_OF_ACCOUNTS = ("accounts/http",)
# What follows changes of issues, which functions that answer requests about other things do not.
_FOLLOWS_ISSUES = ("issues/mails.py", "issues/occasions.py", "issues/reactions.py", "http/hot.py")
# Where what is no video is kept in a database.
_SQL_OF_OTHERS = ("sql/accounts", "sql/audit", "sql/issues", "sql/mail", "sql/meetings")
# Of our own modules these serve one machine only.
LEFT_OUT = {
    "http": {"web", "sql", "cli.py", "__main__.py", *_FAR, *_OF_VIDEOS},
    "accounts": {
        *("web", "sql", "hosts/one_machine", "cli.py", "__main__.py", *_FAR, *_OF_VIDEOS),
        *(f"meetings/{part}" for part in _OF_MEETINGS),
        *("aws/meetings", "aws/issues", "issues/http", "issues/photos", "issues/overview"),
        *("issues/templates", "portable/pictures", "portable/rooms", "machine", "http/streaming"),
        *_FOLLOWS_ISSUES,
    },
    "meetings": {
        *("web", "sql", "machine", "hosts/one_machine", "cli.py", "__main__.py", *_OF_VIDEOS),
        *("portable/pictures", "portable/rfb", "portable/terminal", "portable/gates"),
        *("aws/issues", "issues/http", "issues/photos", "issues/overview", "issues/templates"),
        *(*_FOLLOWS_ISSUES, *_CALLS_OF_ACCOUNTS),
    },
    "videos": {
        *(f"web/{path.name}" for path in (SOURCE / "web").iterdir() if path.name != "embed.html"),
        *("cli.py", "__main__.py", "hosts/one_machine", "hosts/workers"),
        *("aws/desktops", "machine/desktops", "machine/videos", "portable/pictures"),
        *("portable/rfb", "portable/terminal", "portable/gates", "portable/rooms"),
        *(f"meetings/{part}" for part in _OF_MEETINGS),
        *("aws/meetings", "aws/issues", "issues/http", "issues/photos", "issues/overview"),
        *("issues/templates", *_FOLLOWS_ISSUES, *_CALLS_OF_ACCOUNTS, *_SQL_OF_OTHERS),
    },
    "events": {"web", "sql", "http", "cli.py", "__main__.py"},
    "photos": {"web", "sql", "http", "cli.py", "__main__.py"},
    "desktops": {"web", "sql", "http", "cli.py", "__main__.py"},
}
# Of libraries, what no function imports; cffi and pycparser make bindings to C, which are made.
UNUSED = ("tests", "testing", "cli", "*.pyi", "RECORD", "INSTALLER", "REQUESTED", "_yaml*")
UNUSED += ("cffi", "pycparser", "share", "_testcapi*", "*.pxd", "*.h")
# Of SQLAlchemy, other databases, and what makes objects of rows.
UNUSED_OF = ("sqlalchemy/orm", "sqlalchemy/ext")
UNUSED_OF += tuple(f"sqlalchemy/dialects/{name}" for name in ("mysql", "mssql", "oracle"))
SERVICES_OF_WORKERS = ("autoscaling", "dynamodb", "s3", "secretsmanager", "sqs", "sts")
# Folders that have a module for each standard or for each thing of a service, and what of them is
# imported: to check passkeys, and to write names at Cloudflare (57 MB for all that it offers).
USED_OF = {
    "pyasn1_modules": ("__init__.py", "rfc5280.py"),
    "cloudflare/types": ("*.py", "dns", "shared", "analytics_query"),
    "cloudflare/resources": ("*.py", "dns", "analytics_query"),
    # of AWS, what machines that process videos call (functions have the runtime's own)
    "botocore/data": ("*.json", *SERVICES_OF_WORKERS),
    "boto3/data": ("s3", "sqs", "dynamodb"),
}
# Packages whose libraries go without their source: 11 MB zipped is the limit, and the source of
# libraries was 2 of 13. Our own stays, for the lines that tracebacks show.
SOURCELESS = ("http", "accounts", "meetings", "desktops", "videos")
WORKER_PYTHON = "3.11"  # Debian 12's
SAME_TIME = 1_577_836_800  # 2020-01-01: a zip file remembers when its files were made


def main() -> None:
    parser = argparse.ArgumentParser(prog="build_lambda", description=__doc__)
    parser.add_argument("--for", dest="python", type=Path, help="the Python that runs functions")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--worker", action="store_true", help="what machines for videos run")
    parser.add_argument("--captions", action="store_true", help="what hears speech on them")
    parser.add_argument("--database-ca", type=Path, help="certificates of the database, as PEM")
    options = parser.parse_args()
    if options.worker:
        build_worker(options.database_ca)
        return
    if options.captions:
        build_captions()
        return
    version = RUNTIME.removeprefix("python")
    python = options.python or find_python.found(version)
    if python is None:
        print(
            f"There is no Python {version} on this machine to compile modules for Lambda with: "
            "each container of a function will do so at its start, which takes it some seconds."
        )
    else:
        version = find_python.version_of(python)
    for name in options.names or LEFT_OUT:
        size = build(name, version, python, options.database_ca)
        print(f"dist/lambda/{name}: {size / 1e6:.1f} MB unpacked, for Python {version}")


def build(name: str, version: str, python: Path | None, authorities: Path | None = None) -> int:
    """Build a package for a version of Python, whose bytecode `python` makes; return its bytes.

    `authorities` is a file of certificates in place of those of RDS. Raises SystemExit where a
    library cannot run on Lambda.
    """
    folder = TARGET / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _install(f"lambda-{name}", version, folder)
    check_binaries(folder)
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(SOURCE, folder / "quadrangle", ignore=ignored)
    for left_out in LEFT_OUT[name]:
        _remove(folder / "quadrangle" / left_out)
    if name == "videos":
        database_ca.put(folder, authorities)
    _forget_bytecode(folder)
    if python is not None:
        _compile(folder, python)
        if name in SOURCELESS:
            _drop_sources(folder)
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, (SAME_TIME, SAME_TIME))
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _install_locked(requirements: str, version: str, folder: Path) -> None:
    command = [ROOT / ".venv" / "bin" / "uv", "pip", "install", "--quiet", "--no-deps"]
    command += ["--target", folder, "--require-hashes", "--only-binary", ":all:"]
    command += ["--python-version", version, "--python-platform", PLATFORM]
    command += ["-r", ROOT / "requirements" / f"{requirements}.txt"]
    subprocess.run(command, check=True, cwd=ROOT)


def _install(requirements: str, version: str, folder: Path) -> None:
    """Install what is locked, without what is not used of it."""
    _install_locked(requirements, version, folder)
    for pattern in UNUSED:
        for path in folder.rglob(pattern):
            _remove(path)
    for library, used in USED_OF.items():
        for path in folder.glob(f"{library}/*"):
            if not any(path.match(pattern) for pattern in used):
                _remove(path)
    for path in UNUSED_OF:
        _remove(folder / path)
    _remove(folder / "bin")


def build_worker(authorities: Path | None = None) -> None:
    """Build into dist/worker/ what machines that process videos run, on the Python of Debian 12."""
    folder = ROOT / "dist" / "worker"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _install("worker", WORKER_PYTHON, folder)
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc", "web", "one_machine", "lambdas")
    shutil.copytree(SOURCE, folder / "quadrangle", ignore=ignored)
    database_ca.put(folder, authorities)


def build_captions() -> None:
    """Build into dist/captions/ what those machines hear speech with: libraries and the model."""
    folder = ROOT / "dist" / "captions"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _install_locked("captions", WORKER_PYTHON, folder)


def check_binaries(folder: Path) -> None:
    """Raise SystemExit for a binary below a folder that Lambda's C library is too old for."""
    for path, version in glibc.needed(folder).items():
        if version > GLIBC:
            needs, has = (".".join(map(str, each)) for each in (version, GLIBC))
            raise SystemExit(f"{path.name} needs glibc {needs}, and {RUNTIME} on Lambda has {has}.")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _forget_bytecode(folder: Path) -> None:
    for path in folder.rglob("__pycache__"):
        _remove(path)


def _compile(folder: Path, python: Path) -> None:
    command = [python, "-m", "compileall", "-q", "-s", folder]
    command += ["--invalidation-mode", "unchecked-hash", folder]
    if subprocess.run(command, check=False).returncode != 0:
        raise SystemExit("Some modules cannot be compiled.")


def _drop_sources(folder: Path) -> None:
    """Put what libraries were compiled to where their source was."""
    for source in folder.rglob("*.py"):
        if source.is_relative_to(folder / "quadrangle"):
            continue
        (compiled,) = (source.parent / "__pycache__").glob(f"{source.stem}.cpython-*.pyc")
        compiled.rename(source.with_suffix(".pyc"))
        source.unlink()


if __name__ == "__main__":
    main()
