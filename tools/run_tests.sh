#!/usr/bin/env bash
# Runs the tests; with arguments only those that they name. The browser journeys have a run of their
# own: Playwright keeps an event loop running, beside which asynchronous tests cannot run. Those in
# tests/deployed look at what `make test-aws` deploys.
set -euo pipefail
if [ $# -gt 0 ]; then exec .venv/bin/pytest "$@"; fi
.venv/bin/pytest -n 2 --dist loadfile tests/journeys
.venv/bin/pytest -n 2 --dist loadgroup --ignore=tests/journeys --ignore=tests/deployed
