#!/usr/bin/env bash
# Makes .venv-NAME, of the same Python or the one given, with the locked packages of
# requirements/NAME.txt: for tools that bring pins of their own and must not meet ours.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/uv venv --quiet --clear --python "${2:-.venv/bin/python}" ".venv-$1"
.venv/bin/uv pip install --quiet --python ".venv-$1/bin/python" --require-hashes -r "requirements/$1.txt"
touch ".venv-$1/.done"
