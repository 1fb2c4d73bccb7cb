#!/usr/bin/env bash
# Runs a command while two endless loops burn two processors: .ci/busy.sh COMMAND…
# A test that fails by it measures the machine.
set -euo pipefail

burn() { while :; do :; done; }
burn &
first=$!
burn &
second=$!
trap 'kill "$first" "$second"' EXIT
"$@"
