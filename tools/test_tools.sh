#!/usr/bin/env bash
# Installs by apt what the tests need besides Python packages: Chromium, PostgreSQL, a voice that
# speaks, and what desktops are made of. Where that is not possible it says so; the tests that need them are then skipped, with
# the reason.
set -euo pipefail
"$(dirname "$0")/desktop_tools.sh"
missing=()
command -v chromium >/dev/null || missing+=(chromium)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
command -v espeak-ng >/dev/null || missing+=(espeak-ng)
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq "${missing[@]}" >/dev/null && exit 0
fi
echo "Not installed: ${missing[*]}. As root: apt install ${missing[*]}. Their tests are skipped." >&2
