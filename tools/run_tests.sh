#!/usr/bin/env bash
# Runs the tests of every change (`quick`) or what those leave out (`deep`): tests marked so, and
# property tests once more with many examples. Further arguments narrow the tests down. The browser
# journeys have a run of their own: Playwright keeps an event loop running, beside which asynchronous
# tests cannot run. Those in tests/deployed look at what `make test-aws` deploys.
set -euo pipefail
case ${1:-} in
  quick) chosen=(-m "not deep") ;;
  deep) chosen=(-m "deep or hypothesis" --hypothesis-profile=deep) ;;
  *) echo "Please say which tests to run: quick or deep." >&2; exit 2 ;;
esac
shift
if [ $# -gt 0 ]; then exec .venv/bin/pytest "${chosen[@]}" "$@"; fi
.venv/bin/pytest "${chosen[@]}" -n 2 --dist loadfile tests/journeys
.venv/bin/pytest "${chosen[@]}" -n 2 --dist loadgroup --ignore=tests/journeys --ignore=tests/deployed
