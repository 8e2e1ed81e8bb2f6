# Sourced by e2e/run: other ways to install the chart, one after the other, each in a namespace of its own and gone afterwards. In each
# "helm test" passes, and shop/web:1, which has no arm64 image, is denied.

# shellcheck shell=bash disable=SC2154
installs_namespaces=(stowage-host stowage-restricted)

installed() { # NAME OF THE WEBHOOK helm arguments... : installed, tested, and it denies
  local webhook=$1; shift
  helm install "$@" --wait --timeout 120s > "$work/notes.$webhook" 2>&1 || { cat "$work/notes.$webhook" >&2; fail "helm install $*"; }
  enters_ca() { [ -n "$(kubectl get validatingwebhookconfiguration "$webhook" -o 'jsonpath={.webhooks[0].clientConfig.caBundle}')" ]; }
  until_true 30 enters_ca || fail "$webhook: no caBundle was entered"
  helm test "$1" -n "$4" --timeout 120s > "$work/test" 2>&1 || { cat "$work/test" >&2; fail "helm test $1"; }
  until_true 30 denies_web || fail "$webhook: shop/web:1 is admitted beside an arm64 node"
}

uninstall() { # RELEASE NAMESPACE
  helm uninstall "$1" -n "$2" --wait >/dev/null || fail "helm uninstall $1"
  kubectl delete namespace "$2" --wait=false >/dev/null
}

container() { # NAMESPACE PATH : a value of the webhook's pod
  kubectl -n "$1" get pods -l app.kubernetes.io/component=webhook -o "jsonpath={.items[0].$2}"
}

# Where pods are not reachable from the control plane, as on EKS with an overlay network.
host_network() {
  local ns=stowage-host since=$SECONDS
  installed stowage stowage helm/stowage -n $ns --create-namespace -f "$work/values.yaml" \
    --set replicas=1,hostNetwork=true,ports.webhook=10260,ports.metrics=10261
  [ "$(container $ns spec.hostNetwork)" = true ] || fail "the pod is not in the network of its node"
  curl -sf "http://$(container $ns status.hostIP):10261/health/ready" >/dev/null || fail "no probes at port 10261 of the node"
  uninstall stowage $ns
  step "hostNetwork on ports 10260 and 10261: helm test, and shop/web:1 is denied, in $((SECONDS - since)) s"
}

# OpenShift's restricted-v2, as far as Kubernetes itself has it: an arbitrary user of group 0, under the Pod Security Standard. The chart is
# a part of another one, as platform teams have it.
restricted_umbrella() {
  local ns=stowage-restricted since=$SECONDS
  mkdir -p "$work/umbrella/charts"
  cp -r helm/stowage "$work/umbrella/charts/stowage"
  cat > "$work/umbrella/Chart.yaml" <<Y
apiVersion: v2
name: platform
version: 1.0.0
dependencies:
  - {name: stowage, version: "$(sed -n 's/^version: *//p' helm/stowage/Chart.yaml)", repository: "", condition: stowage.enabled}
Y
  { echo 'stowage:'; sed 's/^/  /' "$work/values.yaml"; cat <<'Y'
  enabled: true
  replicas: 1
  openshift: true
  podSecurityContext: {runAsUser: 1000660000, runAsGroup: 0}
Y
  } > "$work/umbrella/values.yaml"
  local rendered; rendered=$(helm template platform "$work/umbrella" --set stowage.enabled=false) || fail "the umbrella chart does not render without Stowage"
  ! grep -q 'kind:' <<< "$rendered" || fail "stowage.enabled=false renders: $rendered"
  kubectl create namespace $ns >/dev/null
  kubectl label namespace $ns pod-security.kubernetes.io/enforce=restricted >/dev/null
  installed platform-stowage platform "$work/umbrella" -n $ns
  local user; user=$(container $ns spec.securityContext.runAsUser):$(container $ns spec.securityContext.runAsGroup)
  [ "$user" = 1000660000:0 ] || fail "the pod runs as $user"
  [ "$(container $ns 'spec.containers[0].securityContext.readOnlyRootFilesystem')" = true ] || fail "the root file system can be written"
  ! kubectl -n $ns logs -l app.kubernetes.io/component=webhook --tail=-1 | grep -iE 'permission denied|read-only file system|AccessDenied' ||
    fail "the arbitrary user lacks access to something"
  uninstall platform $ns
  step "an umbrella chart, in a namespace that enforces \"restricted\", as user 1000660000 of group 0: helm test, and shop/web:1 is denied, in $((SECONDS - since)) s"
}

installs() { host_network; restricted_umbrella; }
