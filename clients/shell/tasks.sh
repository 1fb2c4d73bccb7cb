#!/bin/sh
# Adds a task and prints the titles of all that are open, a page at a time. Needs curl.
#
#   TASKWARD_URL=http://localhost:3000 TASKWARD_TOKEN=tw_pat_… sh tasks.sh 'Buy milk'
set -eu
: "${TASKWARD_URL:?}" "${TASKWARD_TOKEN:?}"

# Prints the body of a response; for one that is not successful, as an error.
taskward() {
  path=$1
  shift
  # The header is read from a pipe, so that the token is not in the list of processes.
  body=$(printf 'Authorization: Bearer %s\n' "$TASKWARD_TOKEN" |
    curl -sS --fail-with-body --header @- "$@" "$TASKWARD_URL/api/v1$path") || {
    printf '%s\n' "$body" >&2
    return 1
  }
  printf '%s\n' "$body"
}

# Quotes a text as JSON.
quoted() {
  printf '"%s"' "$(printf %s "$1" | sed 's/[\\"]/\\&/g')"
}

# A key makes it safe to send the request again after a lost connection.
taskward /tasks --retry 3 --header "Idempotency-Key: shell-$(date +%s)-$$" \
  --header 'Content-Type: application/json' --data "{\"title\": $(quoted "$1")}" >/dev/null

cursor=
while :; do
  page=$(taskward /tasks --get --data completed=false --data limit=2 --data-urlencode "cursor=$cursor")
  printf '%s\n' "$page" | grep -oE '"title":"([^"\\]|\\.)*"' | sed 's/^"title":"//; s/"$//; s/\\\(["\\]\)/\1/g'
  cursor=$(printf '%s' "$page" | sed -n 's/.*"nextCursor":"\([^"]*\)".*/\1/p')
  [ -n "$cursor" ] || break
done
