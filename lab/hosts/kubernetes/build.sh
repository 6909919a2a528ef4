#!/bin/sh
# Makes the programs of a Kubernetes node of the Go modules that its project publishes, for `npm run lab -- hosts`: a quarter of an hour on two idle cores, once.
#   lab/hosts/kubernetes/build.sh            needs go 1.26, and the Go module proxy
# They come to ~/.cache/vaultvisor-lab/kubernetes (VAULTVISOR_LAB_CACHE). etcd, containerd, kubectl and CNI plugins come from the distribution.
set -eu
version=v1.36.3
staging=v0.${version#v1.}
cache=${VAULTVISOR_LAB_CACHE:-$HOME/.cache/vaultvisor-lab}/kubernetes
mkdir -p "$cache/source"
cd "$cache/source"
export GOFLAGS=-mod=mod CGO_ENABLED=0
own=$(go mod download -json "k8s.io/kubernetes@$version" | sed -n 's/.*"GoMod": "\(.*\)".*/\1/p')
# Kubernetes names parts of itself by folder; here each is the module that is published of it.
{
  echo "module lab"
  echo "go 1.26.0"
  echo "require k8s.io/kubernetes $version"
  awk -v at="$staging" '/staging\/src/ && /=>/ {print "replace " $1 " => " $1 " " at}' "$own"
} > go.mod
programs='kubelet kube-apiserver kube-scheduler kube-controller-manager'
{
  printf '//go:build tools\n\npackage tools\n\nimport (\n'
  for program in $programs; do printf '\t_ "k8s.io/kubernetes/cmd/%s"\n' "$program"; done
  echo ')'
} > tools.go
go mod tidy
base=k8s.io/component-base/version
for program in $programs; do
  go build -ldflags "-s -w -X $base.gitVersion=$version -X $base.gitMajor=1 -X $base.gitMinor=36" -o "$cache/$program" "k8s.io/kubernetes/cmd/$program"
done
