#!/usr/bin/env bash
# Makes .venv and installs the locked packages with their hashes: `run` what serving needs, `dev`
# what tests and checks need besides.
set -euo pipefail
cd "$(dirname "$0")/.."

python=""
for candidate in python3.13 python3.12 python3.11 python3; do
  if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
[ -n "$python" ] || { echo "Quadrangle needs Python 3.11 or newer: apt install python3 python3-venv" >&2; exit 1; }

echo "Installing Python packages, once (about half a minute) …" >&2
if [ ! -x .venv/bin/uv ]; then
  "$python" -m venv --clear .venv || { echo "Python cannot make environments: apt install python3-venv" >&2; exit 1; }
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
fi
.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r "requirements/$1.txt" -r requirements/build.txt
.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e .
