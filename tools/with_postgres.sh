#!/usr/bin/env bash
# Runs a command with a PostgreSQL server of its own in a temporary folder, reached over loopback.
# Without PostgreSQL installed the command runs all the same, and its tests say what they skip.
set -uo pipefail

if [ -n "${QUADRANGLE_TEST_POSTGRES:-}" ]; then exec "$@"; fi
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
if [ -z "$bin" ]; then exec "$@"; fi

# In memory where there is room: a database is some 300 files, and tests make hundreds of databases.
place=${TMPDIR:-/tmp}
free_kb=$(df -k --output=avail /dev/shm 2>/dev/null | tail -1)
if [ "${free_kb:-0}" -gt 1000000 ] && [ -w /dev/shm ]; then place=/dev/shm; fi
folder=$(mktemp -d -p "$place")
chmod 755 "$folder"
as_owner=()
if [ "$(id -u)" -eq 0 ]; then  # PostgreSQL refuses to run as root
  owner=postgres
  id "$owner" >/dev/null 2>&1 || owner=nobody
  chown "$owner" "$folder"
  as_owner=(setpriv --reuid "$owner" --regid "$(id -g "$owner")" --clear-groups)
fi
port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
stop() {
  (cd "$folder" && "${as_owner[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1)
  rm -rf "$folder"
}
trap stop EXIT
cd_here=$PWD
cd "$folder"
"${as_owner[@]}" "$bin/initdb" -D "$folder/data" -A trust -U postgres >/dev/null &&
  "${as_owner[@]}" "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" start \
    -o "-p $port -k $folder -c listen_addresses=127.0.0.1 -c fsync=off -c max_wal_size=128MB" >/dev/null ||
  { cat "$folder/log" >&2; echo "PostgreSQL did not start." >&2; exit 1; }
cd "$cd_here"
export QUADRANGLE_TEST_POSTGRES="postgresql://postgres@127.0.0.1:$port/postgres"
"$@"
