#!/usr/bin/env bash
# A private PostgreSQL 15 from Debian's package, on a free loopback port:
#   postgres15.sh install      installs the package, unless it is there
#   postgres15.sh start DIR    creates it below DIR and writes its address to DIR/url
#   postgres15.sh stop DIR     stops it and removes DIR
set -euo pipefail
bin=/usr/lib/postgresql/15/bin

install() {
  [ ! -x "$bin/initdb" ] || return 0
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # Left alone, the package would start a cluster of its own on port 5432.
  apt-get install -qq -y --no-install-recommends postgresql-common
  sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' \
    /etc/postgresql-common/createcluster.conf
  apt-get install -qq -y --no-install-recommends postgresql
}

as_postgres() { (cd "$dir" && runuser -u postgres -- "$@"); }

free_port() {
  node -e "const s = require('net').createServer().listen(0, '127.0.0.1', () => {
    console.log(s.address().port); s.close(); })"
}

start() {
  install
  local port password
  port=$(free_port)
  password=$(od -An -tx1 -N16 /dev/urandom | tr -d ' \n')

  mkdir -p "$dir"
  echo "$password" >"$dir/password"
  chown -R postgres: "$dir"
  # PostgreSQL refuses to run as root, and its account has to reach the directory.
  chmod o+x "$(dirname "$dir")"

  as_postgres "$bin/initdb" --pgdata=data --username=postgres --encoding=UTF8 --locale=C.UTF-8 \
    --auth=scram-sha-256 --pwfile=password --no-sync >/dev/null
  as_postgres "$bin/pg_ctl" start --pgdata=data --silent --wait --log=log \
    --options="-F -c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$dir" ||
    { cat "$dir/log" && return 1; }
  echo "postgresql://postgres:$password@127.0.0.1:$port/postgres" >"$dir/url"
}

stop() {
  [ -d "$dir" ] || return 0
  [ ! -f "$dir/data/postmaster.pid" ] ||
    as_postgres "$bin/pg_ctl" stop --pgdata=data --silent --mode=immediate
  rm -rf "$dir"
}

dir=${2:-}
"$1"
