#!/usr/bin/env bash
# Lints .github/workflows with actionlint:
#   workflows.sh DIR    builds it below DIR
# Without Go nothing is linted.
set -euo pipefail
cd "$(dirname "$0")/.."

version=v1.7.8

dir=$1
command -v go >/dev/null || { echo 'Go is not installed: .github/workflows is not linted.' && exit 0; }
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)

GOBIN=$dir go install "github.com/rhysd/actionlint/cmd/actionlint@$version"
"$dir/actionlint" -no-color
echo "$(ls .github/workflows | wc -l) workflows are valid"

# A check that cannot fail proves nothing.
for fault in 's/github.ref_name/github.ref_nane/' 's/needs: test/needs: tests/' 's/runs-on:/run-on:/'; do
  sed "$fault" .github/workflows/release.yml >"$dir/faulty.yml"
  if "$dir/actionlint" "$dir/faulty.yml" >/dev/null; then echo "not found: $fault" && exit 1; fi
done
