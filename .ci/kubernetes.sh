#!/usr/bin/env bash
# Renders deploy/kubernetes with kustomize, and validates the result strictly against the schemas of the
# oldest Kubernetes that it supports and of a recent one:
#   kubernetes.sh DIR    builds and installs what that takes below DIR
# Without Go there is no kustomize, and nothing is validated; a cluster is never needed.
set -euo pipefail
cd "$(dirname "$0")/.."

kustomize_version=v5.6.0
validator_version=1.37.0
kubernetes_versions=(1.30 1.37)

dir=$1
command -v go >/dev/null || { echo 'Go is not installed: deploy/kubernetes is not rendered.' && exit 0; }
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)

GOBIN=$dir go install "sigs.k8s.io/kustomize/kustomize/v5@$kustomize_version"
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check \
  "kubernetes-validate==$validator_version"

# The example names files that are not in the repository.
cp -r deploy/kubernetes "$dir/source"
mkdir -p "$dir/source/example/secrets"
for name in better-auth-secret database-url database-api-url database-identity-url redis-url \
  smtp-url backup-database-url; do
  echo placeholder >"$dir/source/example/secrets/$name"
done

# A kind without a schema is an error, too; that of the Prometheus Operator is not part of Kubernetes.
validate() {
  local version report
  for version in "${kubernetes_versions[@]}"; do
    report=$("$dir/venv/bin/kubernetes-validate" --strict --quiet --kubernetes-version "$version" \
      "$1" 2>&1) || { echo "$report" && return 1; }
    if grep -v 'kind ServiceMonitor ' <<<"$report" | grep .; then return 1; fi
  done
}

for name in base example; do
  "$dir/kustomize" build "$dir/source/$name" >"$dir/$name.yaml"
  validate "$dir/$name.yaml"
  echo "$name: $(grep -c '^kind:' "$dir/$name.yaml") resources are valid"
done

# A check that cannot fail proves nothing.
for fault in 's/replicas:/replikas:/' 's/containerPort: 3000/containerPort: three/' \
  's/batch\/v1/batch\/v2/'; do
  sed "$fault" "$dir/base.yaml" >"$dir/faulty.yaml"
  if validate "$dir/faulty.yaml" >/dev/null; then echo "not found: $fault" && exit 1; fi
done
