# Sourced by e2e/run: the commands of docs/quickstart.md, as they stand there, with what they print. Replaced is only what needs the
# internet: the cluster is the one that is there, the chart is the repository's, and docker.io is a mirror with images of the same names.

# shellcheck shell=bash disable=SC2154
quickstart_images() { # alpine:3.22 for two platforms, and s390x/alpine:3.22 with an attestation
  local tree=$work/alpine layout=$work/alpine-layout arch s390x
  mkdir -p "$tree/bin"
  cat > "$tree/sleep.go" <<'G'
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM)
	<-end
}
G
  (cd "$tree" && CGO_ENABLED=0 go build -ldflags '-s -w' -o bin/sleep sleep.go && tar -cf layer.tar bin) || fail "no program for the sample image"
  for arch in amd64 s390x; do
    crane append $plain --oci-empty-base -f "$tree/layer.tar" -t "$REGISTRY/library/alpine:$arch" >/dev/null 2>&1
    crane mutate $plain "$REGISTRY/library/alpine:$arch" --set-platform "linux/$arch" -e PATH=/bin -t "$REGISTRY/library/alpine:$arch" >/dev/null 2>&1
  done
  crane index append $plain -m "$REGISTRY/library/alpine:amd64" -m "$REGISTRY/library/alpine:s390x" -t "$REGISTRY/library/alpine:3.22" >/dev/null 2>&1
  cp -r "$work/layout" "$layout"
  crane pull $plain --format oci "$REGISTRY/library/alpine:s390x" "$work/alpine-s390x"
  cp "$work/alpine-s390x"/blobs/sha256/* "$layout/blobs/sha256/"
  s390x=$(crane digest $plain "$REGISTRY/library/alpine:s390x")
  index "$(entry "$s390x" '{"architecture":"s390x","os":"linux"}'),$(entry "sha256:$attestation" '{"architecture":"unknown","os":"unknown"}' \
    ",\"annotations\":{\"vnd.docker.reference.type\":\"attestation-manifest\",\"vnd.docker.reference.digest\":\"$s390x\"}")"
  crane push $plain --index "$layout" "$REGISTRY/s390x/alpine:3.22" >/dev/null 2>&1
}

quickstart_mirror() { # for the node and for Stowage
  mkdir -p "$own_cluster/certs.d/docker.io"
  printf 'server = "https://registry-1.docker.io"\n[host."http://%s"]\n  capabilities = ["pull", "resolve"]\n' "$REGISTRY" \
    > "$own_cluster/certs.d/docker.io/hosts.toml"
  cat > "$work/quickstart.yaml" <<Y
image: {repository: "${image%:*}", tag: "${image##*:}"}
config:
  registries:
    docker.io: {mirrors: ["http://$REGISTRY"]}
    "$REGISTRY": {insecure: true}
Y
}

# A command of the page, in a shell in which kind and the download of the chart are replaced.
quickstart_command() (
  kind() { [ "$*" = "create cluster" ] && kubectl get nodes; }
  helm() {
    local arguments=("${@/#oci:\/\/ghcr.io\/stowage-dev\/charts\/stowage/helm\/stowage}")
    [ "$1" != install ] || arguments+=(-f "$work/quickstart.yaml")
    command helm "${arguments[@]}"
  }
  eval "$1"
)

# Each line of the block of text that follows a command is a line of its output. "…" stands for anything; ages and the name of the node differ.
quickstart_shown() { # OUTPUT EXPECTED : the first line that is missing is printed
  local line pattern
  while IFS= read -r line; do
    pattern=$(sed -E 's/[][\.*^$+?(){}|\/]/\\&/g; s/…/.*/g; s/kind-control-plane/node-amd64/g; s/\b[0-9]+s\b/[0-9ms]+/g; s/ +/ +/g' <<< "$line")
    grep -qE "^$pattern *\$" "$1" || { echo "$line"; return 1; }
  done < "$2"
}
quickstart_runs() { # COMMAND : prints what the page says, which fails if that is an error; reports may take some seconds
  local code=0 wanted=0 out=$work/quickstart.out expected=$work/quickstart.expected
  ! grep -q '^error: ' "$expected" || wanted=1
  quickstart_command "$1" > "$out" 2>&1 || code=$?
  [ $code = $wanted ] && quickstart_shown "$out" "$expected" > "$work/quickstart.missing"
}
quickstart_check() { # COMMAND
  local patience=0
  [[ $1 != "kubectl get "* ]] || patience=30
  until_true $patience quickstart_runs "$1" ||
    { cat "$work/quickstart.out" >&2; fail "docs/quickstart.md: $1" "does not end or print as there; missing: $(cat "$work/quickstart.missing")"; }
  said < "$work/quickstart.out"
}

quickstart() {
  local since=$SECONDS block="" line command="" commands=0
  quickstart_images
  quickstart_mirror
  while IFS= read -r line; do
    case $block$line in
      '```sh') [ -z "$command" ] || quickstart_check "$command"; block=command: ;;
      '```text') block=output: ;;
      command:'```' | output:'```') block="" ;;
      command:*) command=$line; commands=$((commands + 1)); : > "$work/quickstart.expected" ;;
      output:*) echo "$line" >> "$work/quickstart.expected" ;;
    esac
  done < docs/quickstart.md
  quickstart_check "$command"
  [ $commands = 5 ] || fail "docs/quickstart.md has $commands commands"
  kubectl rollout status deployment/hello --timeout=60s >/dev/null || fail "the deployment of docs/quickstart.md does not run"
  helm uninstall stowage -n $namespace --wait >/dev/null || fail "helm uninstall"
  # as it was: also its Lease, which belongs to no release
  kubectl delete deployment hello >/dev/null
  kubectl delete crd imagereports.stowage.dev >/dev/null
  kubectl delete namespace $namespace --timeout=60s >/dev/null || fail "the namespace of docs/quickstart.md does not end"
  sleep 2 # until everything is in the audit log: what is refused while permissions are taken away is no lack of them
  audited=$(wc -l < "$work/audit.log")
  step "docs/quickstart.md: its five commands do and print what it says, in $((SECONDS - since)) s"
}
