# Sourced by e2e/run: other ways to install the chart, one after the other, each in a namespace of its own and gone afterwards. In each
# "helm test" passes, and shop/web:1, which has no arm64 image, is denied.

# shellcheck shell=bash disable=SC2154
works() { # NAME-OF-EVERYTHING RELEASE NAMESPACE : "helm test" passes, and it denies
  enters_ca() { [ -n "$(kubectl get validatingwebhookconfiguration "$1" -o 'jsonpath={.webhooks[0].clientConfig.caBundle}')" ]; }
  until_true 30 enters_ca "$1" || fail "$1: no caBundle was entered"
  helm test "$2" -n "$3" --timeout 120s > "$work/test" 2>&1 || { cat "$work/test" >&2; fail "helm test $2"; }
  until_true 30 denies_web || fail "$1: shop/web:1 is admitted beside an arm64 node"
}

uninstall() { # RELEASE NAMESPACE
  helm uninstall "$1" -n "$2" --wait >/dev/null || fail "helm uninstall $1"
  kubectl delete namespace "$2" --wait=false >/dev/null
}

pod() { # NAMESPACE FIELD : of the newest pod of the webhook
  kubectl -n "$1" get pods -l app.kubernetes.io/component=webhook --sort-by=.metadata.creationTimestamp -o "jsonpath={.items[-1:].$2}"
}

# The chart that hack/release pushed, by its name; it names the image itself.
from_oci() {
  local ns=stowage-oci since=$SECONDS
  grep -v '^image:' "$work/values.yaml" > "$work/oci.yaml"
  helm install stowage "oci://$REGISTRY/charts/stowage" --version "$released" ${INSECURE:+--plain-http} -n $ns --create-namespace -f "$work/oci.yaml" \
    --set replicas=1,crds.enabled=false --wait --timeout 120s >/dev/null 2>&1 || fail "helm install oci://$REGISTRY/charts/stowage"
  works stowage stowage $ns
  [ "$(pod $ns 'spec.containers[0].image')" = "$image" ] || fail "the pod runs $(pod $ns 'spec.containers[0].image')"
  uninstall stowage $ns
  step "oci://$REGISTRY/charts/stowage $released: helm test, and shop/web:1 is denied, in $((SECONDS - since)) s"
}

# Where the control plane does not reach pods, as on EKS with an overlay network; and where everything has a proxy, which the API server
# must not be called through.
host_network() {
  local ns=stowage-host since=$SECONDS
  cat > "$work/host.yaml" <<'Y'
replicas: 1
hostNetwork: true
ports: {webhook: 10260, metrics: 10261}
crds: {enabled: false} # it stays where it was installed once, and belongs to that release
extraEnv:
  - {name: HTTPS_PROXY, value: "http://user:p%40ss@192.0.2.1:3128"}
  - {name: NO_PROXY, value: "*.svc,10.0.0.0/8"}
Y
  helm install stowage helm/stowage -n $ns --create-namespace -f "$work/values.yaml" -f "$work/host.yaml" --wait --timeout 120s >/dev/null ||
    fail "helm install with hostNetwork"
  works stowage stowage $ns
  [ "$(pod $ns spec.hostNetwork)" = true ] || fail "the pod is not in the network of its node"
  curl -sf "http://$(pod $ns status.hostIP):10261/health/ready" >/dev/null || fail "no probes at port 10261 of the node"
  ! kubectl -n $ns logs -l app.kubernetes.io/component=webhook --tail=-1 | grep -E 'p@ss|p%40ss' || fail "the password of the proxy is logged"
  uninstall stowage $ns
  step "hostNetwork on ports 10260 and 10261, and with a proxy: helm test, and shop/web:1 is denied, in $((SECONDS - since)) s"
}

# OpenShift's restricted-v2, as far as Kubernetes itself has it: under the Pod Security Standard, the pods as an arbitrary user of group 0, which
# there is assigned by admission and here by a patch; the pod of the test as the image's own user. The chart is a part of another one.
openshift_umbrella() {
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
  { echo 'stowage:'; sed 's/^/  /' "$work/values.yaml"; printf '  %s\n' 'enabled: true' 'replicas: 1' 'openshift: true' 'crds: {enabled: false}'; } \
    > "$work/umbrella/values.yaml"
  local rendered; rendered=$(helm template platform "$work/umbrella" --set stowage.enabled=false) || fail "the umbrella chart does not render without Stowage"
  ! grep -q '^kind:' <<< "$rendered" || fail "stowage.enabled=false renders: $rendered"
  kubectl create namespace $ns >/dev/null
  kubectl label namespace $ns pod-security.kubernetes.io/enforce=restricted >/dev/null
  helm install platform "$work/umbrella" -n $ns >/dev/null || fail "helm install of the umbrella chart"
  kubectl -n $ns patch deployment platform-stowage --type=merge \
    -p '{"spec":{"template":{"spec":{"securityContext":{"runAsUser":1000660000,"runAsGroup":0,"fsGroup":1000660000}}}}}' >/dev/null
  kubectl -n $ns rollout status deployment/platform-stowage --timeout=120s >/dev/null || fail "the arbitrary user's pod does not get ready"
  works platform-stowage platform $ns
  [ "$(pod $ns spec.securityContext.runAsUser):$(pod $ns spec.securityContext.runAsGroup)" = 1000660000:0 ] || fail "the pod runs as another user"
  [ "$(pod $ns 'spec.containers[0].securityContext.readOnlyRootFilesystem')" = true ] || fail "the root file system can be written"
  until_true 30 kubectl -n $ns get lease platform-stowage-reports || fail "no Lease of the release's name"
  ! kubectl -n $ns logs -l app.kubernetes.io/component=webhook --tail=-1 | grep -iE 'permission denied|read-only file system|AccessDenied' ||
    fail "the arbitrary user lacks access to something"
  uninstall platform $ns
  step "a chart that includes it, openshift: true, in a namespace that enforces \"restricted\", as user 1000660000 of group 0: the same, in $((SECONDS - since)) s"
}

installs() {
  [ -z "$released" ] || from_oci
  host_network
  openshift_umbrella
}
