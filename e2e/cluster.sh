# Sourced by e2e/run and bench/replicas: the cluster of $here (SHARED_CLUSTER) with a real node and a registry, and Stowage's image for it.

# shellcheck shell=bash disable=SC2034,SC2154
sweep() { # a cluster that ended leaves its pods' addresses in their network namespaces, where they answer for those of the next one
  ! pgrep -x kubelet >/dev/null || return 0
  for veth in $(ip -o link show type veth 2>/dev/null | grep ' master kbr0 ' | sed 's/^[0-9]*: \([^@:]*\).*/\1/'); do
    ip link delete "$veth" 2>/dev/null || true
  done
}
until_true() { # SECONDS what... : tries every quarter of a second
  local end=$((SECONDS + $1)); shift
  until "$@" >/dev/null 2>&1; do [ $SECONDS -lt $end ] || return 1; sleep 0.25; done
}
start_cluster() { # FOLDER : sets KUBECONFIG, PATH, REGISTRY, INSECURE and BASE_IMAGE
  local exports
  sweep
  export REGISTRY_PORT=${REGISTRY_PORT:-5000}
  exports=$($here/up.sh "$1" --node | tail -1)
  eval "$exports"
  # a bridge takes the lowest address of its ports unless it has its own: pods would lose their gateway when a port comes or goes
  ip link set dev kbr0 address 02:00:0a:c8:00:01
  REGISTRY=10.200.0.1:$REGISTRY_PORT INSECURE=yes
  BASE_IMAGE=${BASE_IMAGE:-$($here/base-image.sh "$REGISTRY/jre:25" 2>/dev/null)}
}
end_cluster() { # FOLDER
  $here/down.sh "$1" >/dev/null 2>&1 || true
  sweep
}
release_image() { # LOG : builds Stowage's image and chart and pushes them; sets released and image
  released=$(sed -n '0,/<version>/s#.*<version>\(.*\)</version>.*#\1#p' pom.xml)
  image=$REGISTRY/stowage:$released
  hack/release "$released" --registry "$REGISTRY" ${INSECURE:+--plain-http} --base-image "$BASE_IMAGE" --no-archives --no-sign --allow-dirty \
    > "$1" 2>&1 || { tail -20 "$1" >&2; fail "no release"; }
}
