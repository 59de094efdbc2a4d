#!/usr/bin/env bash
# Writes requirements/*.txt anew: exact versions with hashes, naming no place they come from. They
# hold for every Python from the oldest we run on, and so for Lambda's.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
    --no-emit-index-url --no-emit-find-links "$@"
}
compile pyproject.toml -o requirements/run.txt
compile pyproject.toml --extra aws --group dev -c requirements/run.txt -o requirements/dev.txt
compile pyproject.toml --extra captions -c requirements/dev.txt -o requirements/captions.txt
compile requirements/build.in -c requirements/dev.txt -o requirements/build.txt
compile requirements/uv.in -o requirements/uv.txt
compile requirements/standin.in -o requirements/standin.txt
compile requirements/deploy.in -o requirements/deploy.txt
compile requirements/scan.in -o requirements/scan.txt
compile requirements/worker.in -c requirements/dev.txt -o requirements/worker.txt
# Functions leave out what libraries need for command lines and tests only. Those that answer
# requests ask outside issuers for their keys, and so keep the HTTP client that the others do not use.
spared=()
for name in rich rich-click click pygments markdown-it-py mdurl faker polyfactory litestar-htmx; do
  spared+=(--no-emit-package "$name")
done
spared+=(--no-emit-package python-dateutil --no-emit-package six) # boto3 brings them
# Time zones are for meetings, and for what writes their mails.
for name in http accounts meetings events photos desktops videos; do
  case $name in meetings | events) zones=() ;; *) zones=(--no-emit-package tzdata) ;; esac
  compile "requirements/lambda-$name.in" "${spared[@]}" "${zones[@]}" -c requirements/dev.txt -o "requirements/lambda-$name.txt"
done
