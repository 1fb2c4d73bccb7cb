#!/usr/bin/env bash
# Starts a Citus coordinator and two workers in Docker, on ports 5500 to 5502 of the loopback address, with a
# database `taskward` that knows them.
set -euo pipefail

image=citusdata/citus:13.2
database=taskward

for port in 5500 5501 5502; do
  docker run --detach --network host --name "citus-$port" \
    --env POSTGRES_PASSWORD=postgres --env POSTGRES_HOST_AUTH_METHOD=trust "$image" \
    -c port="$port" -c listen_addresses=127.0.0.1 -c max_connections=200 \
    -c max_prepared_transactions=200 -c max_worker_processes=64 >/dev/null
done

sql() { docker exec "citus-$1" psql -qX -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$1" -U postgres "${@:2}"; }

for port in 5500 5501 5502; do
  timeout 60 bash -c "until docker exec citus-$port pg_isready -q -h 127.0.0.1 -p $port; do sleep 1; done"
  sql "$port" postgres -c "create database $database"
  sql "$port" "$database" -c 'create extension citus'
done
sql 5500 "$database" -c "select citus_set_coordinator_host('127.0.0.1', 5500)" \
  -c "select citus_add_node('127.0.0.1', 5501)" -c "select citus_add_node('127.0.0.1', 5502)"
