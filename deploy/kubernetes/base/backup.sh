#!/bin/sh
# Backs up Taskward's PostgreSQL with pg_dump. Compose, Kubernetes and cron run this same file.
#   backup.sh            backs up once
#   backup.sh schedule   backs up every BACKUP_HOURS hours, until it is stopped
#   backup.sh drill      restores the newest backup into the database taskward_drill, beside the real one,
#                        and prints what is in it
# DATABASE_URL, or the file that DATABASE_URL_FILE names, must be of a superuser or a role with BYPASSRLS.
set -eu
umask 077

directory=${BACKUP_DIR:-/backups}
hours=${BACKUP_HOURS:-24}
days=${BACKUP_KEEP_DAYS:-14}
url=${DATABASE_URL:-$(cat "${DATABASE_URL_FILE:?set it, or DATABASE_URL}")}

# Every step is chained: in a condition, `set -e` would let a failed one go on. What cannot be read back
# gets no name of a backup, and old ones are deleted only after a new one.
back_up() {
  file=$directory/taskward-$(date -u +%Y%m%dT%H%M%SZ).dump
  rm -f "$directory"/taskward-*.partial &&
    pg_dump --format=custom --file="$file.partial" --dbname="$url" &&
    pg_restore --file=/dev/null "$file.partial" &&
    sync &&
    mv "$file.partial" "$file" &&
    find "$directory/" -name 'taskward-*.dump' -mmin "+$((days * 1440))" -delete &&
    echo "Backed up to $file."
}

schedule() {
  # A signal would wait for the end of a sleep in the foreground.
  sleeper=
  trap 'kill $sleeper 2>/dev/null || :; exit 0' INT TERM
  while :; do
    seconds=3600
    if back_up; then
      seconds=$((hours * 3600))
    else
      echo 'The backup failed. The next attempt is in an hour.' >&2
    fi
    sleep "$seconds" >/dev/null 2>&1 &
    sleeper=$!
    wait "$sleeper"
  done
}

drill() {
  newest=$(find "$directory/" -name 'taskward-*.dump' | sort | tail -n 1)
  [ -n "$newest" ] || { echo "There is no backup in $directory." >&2 && return 1; }
  without_query=${url%%\?*}
  drill_url=${without_query%/*}/taskward_drill${url#"$without_query"}
  psql --quiet --set=ON_ERROR_STOP=1 --dbname="$url" \
    --command='drop database if exists taskward_drill' \
    --command="create database taskward_drill encoding 'UTF8' template template0"
  pg_restore --exit-on-error --single-transaction --dbname="$drill_url" "$newest"
  echo "Restored $newest into taskward_drill:"
  psql --no-align --tuples-only --set=ON_ERROR_STOP=1 --dbname="$drill_url" --command="
    select format('%s users, %s tasks, the latest change at %s',
      (select count(*) from auth.\"user\"), count(*), max(updated_at)) from task"
}

case ${1:-backup} in
  backup) back_up ;;
  schedule) schedule ;;
  drill) drill ;;
  *) sed -n '2,7s/^# \{0,1\}//p' "$0" >&2 && exit 1 ;;
esac
