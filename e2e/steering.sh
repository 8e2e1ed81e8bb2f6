# Sourced by e2e/run: docs/steering.md on the cluster. An image for amd64 alone runs next to an arm64 node, without a selector, and goes
# on running when it is scaled and when its pods are evicted.

# shellcheck shell=bash disable=SC2154
steering() {
  local since=$SECONDS arch pod
  helm upgrade stowage helm/stowage -n $namespace -f "$work/values.yaml" --set config.steering.mode=labeled --wait --timeout 120s >/dev/null ||
    fail "helm upgrade with config.steering.mode"
  steering_entered() { [[ $(kubectl get mutatingwebhookconfiguration stowage -o 'jsonpath={.webhooks[0].clientConfig.service.path}') == /steer/* ]]; }
  until_true 60 steering_entered || fail "no path was entered into the mutating webhook"
  kubectl label namespace $shop stowage.dev/steering=required >/dev/null
  steering_admits() { deployment steered web:1 | kubectl apply --dry-run=server -f -; }
  until_true 30 steering_admits || fail "a steered Deployment is denied"
  deployment steered web:1 > "$work/steered.yaml"
  (cd "$work" && show kubectl apply -f steered.yaml) || fail "a steered Deployment is denied"
  grep -q 'pods will be kept off linux/arm64' "$work/last" || fail "the Deployment does not say what its pods are kept off"
  kubectl -n $shop rollout status deployment/steered --timeout=60s >/dev/null || fail "the steered pod does not run"
  arch=$(kubectl -n $shop get pods -l app=steered -o 'jsonpath={.items[*].spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[*].matchExpressions[*].values}')
  [ "$arch" = '["amd64"]' ] || fail "the pod is bound to: $arch"
  kubectl -n $shop scale deployment steered --replicas=3 >/dev/null
  kubectl -n $shop rollout status deployment/steered --timeout=60s >/dev/null || fail "the steered Deployment does not scale"
  for pod in $(kubectl -n $shop get pods -l app=steered -o name); do
    kubectl create --raw "/api/v1/namespaces/$shop/pods/${pod#*/}/eviction" -f - >/dev/null <<Y || fail "no eviction"
{"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "${pod#*/}", "namespace": "$shop"}}
Y
  done
  kubectl -n $shop rollout status deployment/steered --timeout=90s >/dev/null || fail "the steered pods do not come back after a drain"
  kubectl -n $shop get events -o 'jsonpath={.items[*].reason}' | grep -q PodsSteered || fail "no Event on the owner"
  kubectl -n $shop delete deployment steered >/dev/null
  kubectl label namespace $shop stowage.dev/steering- >/dev/null
  helm upgrade stowage helm/stowage -n $namespace -f "$work/values.yaml" --wait --timeout 120s >/dev/null || fail "helm upgrade without steering"
  ! kubectl get mutatingwebhookconfiguration stowage >/dev/null 2>&1 || fail "the mutating webhook is left"
  until_true 30 denies_web || fail "shop/web:1 is admitted without steering"
  step "steering: an image for amd64 alone runs next to an arm64 node, scales, and survives evictions, in $((SECONDS - since)) s"
}
