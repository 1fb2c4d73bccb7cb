#!/usr/bin/env bash
# A PgBouncer that knows prepared statements, 1.21 or later, beside Debian 12's 1.18: that of Debian 13,
# unpacked with the libraries it needs, and not installed.
#   pgbouncer-trixie.sh DIR    prints the path of a program below DIR
set -euo pipefail
dir=$1
mkdir -p "$dir"/{lists/partial,cache/archives/partial,debs,root}
dir=$(cd "$dir" && pwd)

echo 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main' \
  >"$dir/sources.list"
# Its lists and state are of another release: the machine's own stay as they are.
touch "$dir/status"
apt() {
  "$1" -qq -o "Dir::Etc::sourcelist=$dir/sources.list" -o Dir::Etc::sourceparts=- \
    -o "Dir::State::lists=$dir/lists" -o "Dir::State::status=$dir/status" \
    -o "Dir::Cache=$dir/cache" -o APT::Sandbox::User=root "${@:2}"
}
apt apt-get update

# The package and all that it depends on, but the programs that its set-up would call.
mapfile -t names < <(apt apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts \
  --no-breaks --no-replaces --no-enhances pgbouncer | grep -oE '^(pgbouncer|lib[a-z0-9.+-]+)' | sort -u)
# A name that is only provided by others has no candidate.
mapfile -t packages < <(apt apt-cache policy "${names[@]}" |
  awk '/^[^ ]/ { name = $1 } /Candidate: [^(]/ { sub(":$", "", name); print name }')
(cd "$dir/debs" && apt apt-get download "${packages[@]}")
for deb in "$dir"/debs/*.deb; do dpkg-deb --extract "$deb" "$dir/root"; done

# Its C library is newer than the machine's, so its own loader starts it.
loader=$(find "$dir/root" -name 'ld-linux-*.so.*' | head -n 1)
libraries=$(find "$dir/root" -name '*.so.*' -printf '%h\n' | sort -u | paste -sd:)
printf '#!/bin/sh\nexec "%s" --library-path "%s" "%s/root/usr/sbin/pgbouncer" "$@"\n' \
  "$loader" "$libraries" "$dir" >"$dir/pgbouncer"
chmod -R go+rX "$dir"
chmod +x "$dir/pgbouncer"
"$dir/pgbouncer" --version >&2
echo "$dir/pgbouncer"
