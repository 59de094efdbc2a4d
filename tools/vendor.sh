#!/usr/bin/env bash
# Brings the browser libraries (fonts, icons, charts, API pages) from npm into the pages' folder.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v npm >/dev/null; then
  echo "Node.js is missing (apt install nodejs npm): pages work, but without icons, charts, the own font and /api/docs."
  exit 0
fi
echo "Fetching what pages need from npm, once …" >&2
npm ci --silent --no-audit --no-fund
node tools/vendor.mjs
touch src/quadrangle/web/vendor/.done
