#!/usr/bin/env bash
# Runs e2e tests against three processes behind nginx, of which one is killed and one restarted as the
# previous version meanwhile:
#   instances.sh [arguments of Jest]
# It takes a build, and a clone with its history, from which the previous version is built.
set -euo pipefail
cd "$(dirname "$0")/.."

# Files that speak HTTP alone, and that the previous version passes, too.
files='(changes/(follower|history)|idempotency/idempotency|isolation/(catalogue|lists)|lists/(lists|list-moves)|tasks/(conditional|list|search|subtasks|trash))\.e2e-spec'

# Each file starts four processes: two files at a time are enough for two processors.
TEST_INSTANCES=true npm run jest -- --maxWorkers=2 --testTimeout=120000 \
  --testPathPatterns="/test/$files" "$@"
