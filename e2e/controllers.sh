# Sourced by e2e/run: what controllers do, seen from the outside. The webhook is installed with failurePolicy Fail here, so
# whatever is created was asked about.

# shellcheck shell=bash disable=SC2154
template() { # IMAGE : a strategic merge patch of the pod template of deployment "old"
  printf '{"spec":{"template":{"spec":{"containers":[{"name":"old","image":"%s/shop/%s"}]}}}}' "$REGISTRY" "$1"
}
pods_of() { kubectl -n $shop get pods -l "app=$1" --field-selector "${2:-metadata.namespace=$shop}" -o name | wc -l; }
has_pods() { [ "$(pods_of "$1" "${3:-metadata.namespace=$shop}")" = "$2" ]; }
says() { grep -qF -- "$1" "$work/last" || { cat "$work/last" >&2; fail "$2 does not say: $1"; }; }
denied() { # WHAT command... : it is refused by the webhook
  local what=$1; shift; : > "$work/last"
  if (cd "$work" && show "$@"); then fail "$what was not refused"; fi
  says 'admission webhook "validate.stowage.dev" denied the request' "$what"
}
passes() { local what=$1; shift; (cd "$work" && show "$@") >/dev/null || { cat "$work/last" >&2; fail "$what was refused"; }; }
mode() { kubectl label namespace $shop "stowage.dev/mode=$1" --overwrite >/dev/null; }
unmoded() { kubectl label namespace $shop stowage.dev/mode- >/dev/null; }

rolling_updates() {
  denied "kubectl set image" kubectl -n $shop set image deployment/web "web=$REGISTRY/shop/arm:1"
  deployment web arm:1 "$(grep -o 'nodeSelector: {[^}]*}' "$work/web.yaml")" > "$work/web-arm.yaml"
  denied "kubectl apply of a changed image" kubectl apply -f web-arm.yaml
  local ready; ready=$(kubectl -n $shop get deployment web -o 'jsonpath={.status.readyReplicas}')
  [ "$ready" = 1 ] || fail "deployment web has $ready ready pods after a refused update"
  step "a rolling update to a wrong image is refused by kubectl set image and by kubectl apply; the old pods go on"
}

helm_upgrade() {
  mkdir -p "$work/chart/templates"
  printf 'apiVersion: v2\nname: api\nversion: 1.0.0\n' > "$work/chart/Chart.yaml"
  printf 'tag: "web:1"\n' > "$work/chart/values.yaml"
  deployment api '{{ .Values.tag }}' 'nodeSelector: {kubernetes.io/arch: amd64}' > "$work/chart/templates/deployment.yaml"
  (cd "$work" && helm install api chart -n $shop) >/dev/null || fail "a right chart was refused"
  denied "helm upgrade" helm upgrade api chart -n $shop --set tag=arm:1
  helm uninstall api -n $shop >/dev/null
  step "helm upgrade to a wrong image fails with the same words"
}

# A deployment from the time before Stowage, whose image lacks a platform: it is left to live.
old_deployments() {
  kubectl cordon e2e-arm64 >/dev/null
  mode off
  deployment old web:1 > "$work/old.yaml"
  kubectl apply -f "$work/old.yaml" >/dev/null || fail "mode off refuses"
  unmoded
  kubectl -n $shop rollout status deployment/old --timeout=60s >/dev/null || fail "deployment old does not run"
  kubectl uncordon e2e-arm64 >/dev/null
  passes "scaling" kubectl -n $shop scale deployment/old --replicas=2
  until_true 30 has_pods old 2 || fail "scaled, but there are $(pods_of old) pods"
  passes "a label" kubectl -n $shop label deployment/old team=shop
  passes "kubectl rollout restart" kubectl -n $shop rollout restart deployment/old
  revised() { [ "$(kubectl -n $shop rollout history "deployment/$1" 2>/dev/null | grep -c '^[0-9]')" -ge 2 ]; }
  until_true 30 revised old || fail "the restarted deployment has no second revision"
  kubectl -n $shop rollout undo deployment/old >/dev/null || fail "kubectl rollout undo to the same images was refused"
  denied "an update of its image" kubectl -n $shop set image deployment/old "old=$REGISTRY/shop/leftover:1"
  step "an old, wrong deployment is scaled, labelled and restarted; only a new image of it is judged"
}

drain() {
  kubectl -n $shop scale deployment/old --replicas=0 >/dev/null
  kubectl -n $shop delete pods -l app=old --force --grace-period=0 >/dev/null 2>&1 || true # no kubelet ends those of the second node
  until_true 30 has_pods old 0 || fail "the pods of deployment old do not go"
  kubectl cordon e2e-arm64 >/dev/null
  kubectl -n $shop scale deployment/old --replicas=2 >/dev/null
  kubectl -n $shop rollout status deployment/old --timeout=60s >/dev/null || fail "deployment old does not run on the real node"
  kubectl uncordon e2e-arm64 >/dev/null
  local node; node=$(kubectl -n $shop get pods -l app=old -o 'jsonpath={.items[0].spec.nodeName}')
  (cd "$work" && show kubectl drain "$node" --pod-selector app=old --ignore-daemonsets --delete-emptydir-data --timeout=60s) >/dev/null ||
    fail "kubectl drain"
  elsewhere() { has_pods old 2 "spec.nodeName!=$node"; }
  until_true 30 elsewhere || fail "the drained pods were not made again"
  kubectl uncordon "$node" >/dev/null
  # ownedPodPlacement: any - they run on one of the two nodes, so a drain is no outage by Stowage's doing
  [ -z "$(kubectl -n $shop get events --field-selector reason=FailedCreate -o name)" ] || fail "a pod of a drained node was refused"
  kubectl -n $shop delete deployment old --wait=false >/dev/null
  kubectl -n $shop delete pods -l app=old --force --grace-period=0 >/dev/null 2>&1 || true
  step "kubectl drain: the evicted pods are made again"
}

# What a ReplicaSet says whose pods run on no node at all, and a roll back to it.
replica_set_events() {
  mode off
  deployment stuck leftover:1 | sed 's/^spec:/&\n  replicas: 0\n  progressDeadlineSeconds: 2/' | kubectl apply -f - >/dev/null || fail "mode off refuses"
  unmoded
  kubectl -n $shop scale deployment/stuck --replicas=1 >/dev/null || fail "scaling was refused"
  local why=(kubectl -n $shop get events --field-selector "reason=FailedCreate,involvedObject.kind=ReplicaSet" -o 'custom-columns=OBJECT:.involvedObject.name,REASON:.reason,MESSAGE:.message')
  told() { "${why[@]}" | grep -q 'validate.stowage.dev'; }
  until_true 30 told || fail "the ReplicaSet has no event with Stowage's words"
  : > "$work/last"; show "${why[@]}" >/dev/null
  says "it contains only attestations" "the ReplicaSet's event"
  if (cd "$work" && show kubectl -n $shop rollout status deployment/stuck --timeout=5s) >/dev/null; then fail "deployment stuck runs"; fi
  : > "$work/last"; show kubectl -n $shop get deployment stuck -o 'jsonpath={.status.conditions[?(@.type=="ReplicaFailure")].message}{"\n"}' >/dev/null
  says "it contains only attestations" "the Deployment's condition"
  passes "a right image" kubectl -n $shop set image deployment/stuck "stuck=$REGISTRY/shop/both:1"
  until_true 30 revised stuck || fail "deployment stuck has no second revision"
  denied "kubectl rollout undo to a wrong image" kubectl -n $shop rollout undo deployment/stuck
  kubectl -n $shop delete deployment stuck >/dev/null
  kubectl -n $shop delete events --all >/dev/null
  step "a ReplicaSet whose pods no node can run says so in its events, and is not rolled back to"
}

# Nothing of the cluster's own, and nothing of Stowage's own, ever waits for Stowage.
never_locked_out() {
  deployment agent leftover:1 | sed "s/namespace: $shop/namespace: kube-system/" | kubectl apply --dry-run=server -f - >/dev/null ||
    fail "Stowage was asked about kube-system"
  kubectl -n $namespace scale deployment/stowage --replicas=0 >/dev/null
  gone() { [ -z "$(kubectl -n $namespace get pods -l app.kubernetes.io/component=webhook -o name)" ]; }
  until_true 90 gone || fail "the replicas do not end"
  if deployment while-down both:1 | kubectl apply --dry-run=server -f - > "$work/last" 2>&1; then fail "failurePolicy Fail admits without an answer"; fi
  says "failed calling webhook" "kubectl apply while every replica is down"
  deployment agent leftover:1 | sed "s/namespace: $shop/namespace: kube-system/" | kubectl apply --dry-run=server -f - >/dev/null ||
    fail "kube-system waits for Stowage while every replica is down"
  kubectl -n $namespace scale deployment/stowage --replicas=2 >/dev/null
  rolled || fail "Stowage's own pods do not start while every replica is down"
  answers_again() { deployment again both:1 | kubectl apply --dry-run=server -f -; }
  until_true 20 answers_again || fail "no answer after the replicas came back"
  step "every replica down: kube-system is not asked about, Stowage's own pods start, then answers come again"
}

controllers() {
  rolling_updates
  helm_upgrade
  old_deployments
  drain
  replica_set_events
  never_locked_out
}
