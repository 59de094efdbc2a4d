"""The `quadrangle` command."""

import argparse
import os
import sys
from collections.abc import Sequence

from quadrangle import __version__
from quadrangle.loading import uncollected


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code: 0, or 1 with a sentence on standard error."""
    options = _parser().parse_args(arguments)
    with uncollected():  # the heavy imports wait until `--help` is answered
        from quadrangle.hosts.one_machine.commands import table as commands
        from quadrangle.hosts.one_machine.settings import SettingsError, read_settings

    try:
        settings = read_settings(os.environ)
        sys.exit(commands.run(options, settings))
    except (SettingsError, commands.CommandError) as error:
        print(f"quadrangle: {error}", file=sys.stderr)
        sys.exit(1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="quadrangle", description="A campus platform: report it, meet, watch."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("serve", help="serve everything on this machine")
    worker = commands.add_parser("worker", help="run reactions and jobs only")
    worker.add_argument("--with-parent", type=int, help=argparse.SUPPRESS)
    commands.add_parser("migrate", help="bring the database up to date, and nothing else")
    check = commands.add_parser("check", help="check the database and the files")
    check.add_argument("--rebuild", action="store_true", help="count and index issues anew")
    backup = commands.add_parser("backup", help="write a copy of all data to a folder")
    backup.add_argument("folder")
    restore = commands.add_parser("restore", help="bring a backup into an empty data folder")
    restore.add_argument("folder")
    user = commands.add_parser("user", help="people's accounts")
    actions = ["list", "add", "password", "role", "disable", "enable"]
    user.add_argument("action", choices=actions)
    user.add_argument("email", nargs="?")
    user.add_argument("--name")
    user.add_argument("--role", choices=["student", "teacher", "staff", "admin"])
    keys = commands.add_parser("keys", help="the keys that sign access tokens")
    keys.add_argument("action", choices=["list", "rotate"])
    keys.add_argument("--now", action="store_true", help="a key leaked: end all others at once")
    return parser
