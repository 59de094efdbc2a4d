#!/usr/bin/env bash
# Installs by apt what desktops and terminals of meetings need (Xvnc, XFCE, bubblewrap, ffmpeg); videos
# are made by the last two.
# Where that is not possible it says in one line what to install; everything else works without.
set -uo pipefail
cd "$(dirname "$0")/.."
packages=src/quadrangle/machine/desktops/packages.txt

missing=()
while read -r program package _; do
  [ -e "$program" ] || command -v "$program" >/dev/null || missing+=("$package")
done <"$packages"
[ ${#missing[@]} -eq 0 ] && exit 0

line="apt install --no-install-recommends ${missing[*]}"
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  echo "Installing what desktops of meetings and videos need, once (about 60 to 500 MB): ${missing[*]}" >&2
  apt-get update -qq &&
    apt-get install -y -q --no-install-recommends "${missing[@]}" |
    awk '/^(Get|Unpacking|Setting up)/ { if (++n % 25 == 0) printf "  … %d steps\n", n } END { printf "  %d steps\n", n }' >&2 &&
    exit 0
  echo "That did not work." >&2
fi
echo "Meetings have no desktops, and no videos can be uploaded, until this is installed, as root: $line" >&2
exit 0
