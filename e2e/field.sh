# Sourced by e2e/run: what real clusters do to nodes and images. No node other than the real one runs anything here.

# shellcheck shell=bash disable=SC2154
gpu_deployment() { deployment "$1" "$2"; echo '          resources: {limits: {example.com/gpu: 1}}'; }
admits() { "$@" | kubectl apply --dry-run=server -f -; }
denies() { ! admits "$@" 2>/dev/null; }
taints() { # [TAINT] : replaces all taints of the second node in one step
  kubectl patch node e2e-arm64 --type=merge -p "{\"spec\":{\"taints\":[${1:-}]}}" >/dev/null
}

# Only the second node has the resource, so it alone decides. While no node has it, everything is admitted: the denial shows
# that the node's status has arrived.
extended_resource() {
  kubectl patch node e2e-arm64 --subresource=status --type=merge \
    -p '{"status":{"capacity":{"example.com/gpu":"4"},"allocatable":{"example.com/gpu":"4"}}}' >/dev/null
  until_true 30 denies gpu_deployment train web:1 || fail "an amd64 image is admitted for the GPUs of an arm64 node"
  show kubectl get nodes -o 'custom-columns=NODE:.metadata.name,GPU:.status.allocatable.example\.com/gpu' >/dev/null
  gpu_deployment train web:1 > "$work/train-amd64.yaml"
  denied "an amd64 image for the GPUs of an arm64 node" kubectl apply -f train-amd64.yaml
  says "cannot run on the only eligible node" "the refusal of train-amd64.yaml"
  says "nodes: e2e-arm64 (linux/arm64)" "the refusal of train-amd64.yaml"
  gpu_deployment train arm:1 > "$work/train-arm64.yaml"
  : > "$work/last"
  passes "an arm64 image for the GPUs of an arm64 node" kubectl apply --dry-run=server -f train-arm64.yaml
  ! grep -q Warning "$work/last" || { cat "$work/last" >&2; fail "an arm64 image for the GPUs of an arm64 node causes a warning"; }
  step "a pod that requests example.com/gpu is judged by the node that has it: an arm64 image is admitted, an amd64 image denied"
}

# A taint of somebody's own excludes the node; the admission in between shows that taints have arrived.
startup_taint() {
  taints '{"key":"example.com/team","value":"data","effect":"NoSchedule"}'
  until_true 30 admits deployment starting web:1 || fail "shop/web:1 is denied because of a node whose taint it does not tolerate"
  taints '{"key":"node.cilium.io/agent-not-ready","value":"true","effect":"NoSchedule"}'
  until_true 30 denies deployment starting web:1 || fail "shop/web:1 is admitted beside an arm64 node that is starting"
  show kubectl get nodes -o 'custom-columns=NODE:.metadata.name,TAINTS:.spec.taints[*].key' >/dev/null
  deployment starting web:1 > "$work/starting.yaml"
  denied "an amd64 image beside an arm64 node that is starting" kubectl apply -f starting.yaml
  says "nodes: e2e-arm64 (linux/arm64)" "the refusal of starting.yaml"
  taints
  step "an arm64 node with the start-up taint of Cilium counts, one with a taint of somebody's own does not"
}

files_image() { # NAME PLATFORM FOLDER : one manifest, FROM scratch
  tar -C "$3" --owner=0 --group=0 -cf "$work/layer.tar" .
  crane append $plain --oci-empty-base=false -f "$work/layer.tar" -t "$REGISTRY/shop/$1" >/dev/null 2>&1 || fail "crane append: $1"
  crane mutate $plain "$REGISTRY/shop/$1" --set-platform "$2" -t "$REGISTRY/shop/$1" >/dev/null 2>&1 || fail "crane mutate: $1"
}
bundle_job() { # PROGRAM of the container whose image is the bundle
  cat <<Y
apiVersion: batch/v1
kind: Job
metadata: {name: unpack, namespace: $shop}
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      nodeSelector: {kubernetes.io/arch: amd64}
      volumes: [{name: util, emptyDir: {}}, {name: bundle, emptyDir: {}}]
      initContainers:
        - name: util
          image: $REGISTRY/shop/copy:1
          command: [/copy, /copy, /util/copy]
          volumeMounts: [{name: util, mountPath: /util}]
        - name: pull
          image: $REGISTRY/shop/bundle:1
          command: [$1, /manifests/operator.yaml, /bundle/operator.yaml]
          volumeMounts: [{name: util, mountPath: /util}, {name: bundle, mountPath: /bundle}]
      containers:
        - name: extract
          image: $REGISTRY/shop/copy:1
          command: [/copy, /bundle/operator.yaml, /dev/stdout]
          volumeMounts: [{name: bundle, mountPath: /bundle}]
Y
}

# As the Operator Lifecycle Manager unpacks bundles: a static program from a volume copies files out of an image for another platform.
data_image() {
  mkdir -p "$work/copy/root" "$work/bundle/manifests"
  cat > "$work/copy/main.go" <<'G'
package main

import "os"

func main() {
	data, err := os.ReadFile(os.Args[1])
	if err == nil {
		err = os.WriteFile(os.Args[2], data, 0o755)
	}
	if err != nil {
		println(err.Error())
		os.Exit(1)
	}
}
G
  (cd "$work/copy" && CGO_ENABLED=0 GOOS=linux GOARCH=amd64 go build -ldflags '-s -w' -o root/copy main.go) || fail "go build"
  echo 'kind: ClusterServiceVersion' > "$work/bundle/manifests/operator.yaml"
  files_image copy:1 linux/amd64 "$work/copy/root"
  files_image bundle:1 linux/arm64 "$work/bundle"
  bundle_job /manifests/run > "$work/unpack-wrong.yaml"
  denied "a program of an arm64 image on an amd64 node" kubectl apply -f unpack-wrong.yaml
  bundle_job /util/copy > "$work/unpack.yaml"
  : > "$work/last"
  passes "a Job that takes files from an arm64 image" kubectl apply -f unpack.yaml
  says "Warning: Stowage: init container \"pull\": image $REGISTRY/shop/bundle:1" "the admission of unpack.yaml"
  says "the container's command is on a volume" "the admission of unpack.yaml"
  kubectl -n $shop wait --for=condition=complete --timeout=60s job/unpack >/dev/null || fail "job unpack does not complete"
  : > "$work/last"; show kubectl -n $shop logs job/unpack -c extract >/dev/null
  says 'kind: ClusterServiceVersion' "the log of job unpack"
  kubectl -n $shop delete job unpack --wait=false >/dev/null
  step "a Job takes files from an arm64 image with a program from a volume: admitted with a warning, and it completes on the amd64 node"
}

field() {
  extended_resource
  startup_taint
  data_image
}
