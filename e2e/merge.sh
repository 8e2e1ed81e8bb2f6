# Sourced by e2e/run: an amd64 and an arm64 image, each with an attestation and in a repository of its own, become one image in a third.

# shellcheck shell=bash disable=SC2154
merge_sources() { # shop/web-amd64:1 and shop/web-arm64:1
  local tree=$work/arm-layout arm64
  crane copy $plain "$REGISTRY/shop/web:1" "$REGISTRY/shop/web-amd64:1" >/dev/null 2>&1 || fail "crane copy"
  crane pull $plain --format oci --platform linux/arm64 "$BASE_IMAGE" "$tree"
  cp "$tree"/blobs/sha256/* "$layout/blobs/sha256/"
  arm64=$(grep -o '"digest": *"sha256:[0-9a-f]*"' "$tree/index.json" | grep -o 'sha256:[0-9a-f]*' | head -1)
  index "$(entry "$arm64" '{"architecture":"arm64","os":"linux"}'),$(entry "sha256:$attestation" '{"architecture":"unknown","os":"unknown"}' \
    ",\"annotations\":{\"vnd.docker.reference.type\":\"attestation-manifest\",\"vnd.docker.reference.digest\":\"$arm64\"}")"
  crane push $plain --index "$layout" "$REGISTRY/shop/web-arm64:1" >/dev/null 2>&1 || fail "crane push"
}

merge() {
  local to=$REGISTRY/shop/web-merged insecure=${INSECURE:+--insecure-registry=$host} merged
  local sources=("$REGISTRY/shop/web-amd64:1" "$REGISTRY/shop/web-arm64:1")
  merge_sources
  : > "$work/last"
  COLUMNS=120 show stowage merge --push $insecure "$to:1" "${sources[@]}" || { cat "$work/last" >&2; fail "stowage merge --push"; }
  merged=$(tail -1 "$work/last")
  [ "$merged" = "$to@$(crane digest $plain "$to:1")" ] || fail "the tag is not what stowage merge --push says: $merged"
  grep -q ' mounted from their repositories, 0 uploaded (0 bytes)' "$work/last" || fail "stowage merge --push does not mount"
  [ "$(crane index append $plain -m "${sources[0]}" -m "${sources[1]}" -t "$to:crane" 2>/dev/null)" = "$to@${merged#*@}" ] ||
    fail "crane index append makes another index"
  COLUMNS=120 show stowage inspect $insecure "$to:1" || fail "stowage inspect"
  stowage merge --push $insecure "$to:1" "${sources[@]}" | grep -q '^nothing to do: ' || fail "a second stowage merge --push does something"
  step "stowage merge --push: two repositories into a third, attestations included, the same index as crane index append"

  deployment merged web-merged:1 | kubectl apply --dry-run=server -f - >/dev/null || fail "the merged image was denied"
  deployment merged web-merged:1 'nodeSelector: {kubernetes.io/arch: amd64}' > "$work/merged.yaml"
  (cd "$work" && show kubectl apply -f merged.yaml) || fail "the merged image with a nodeSelector was denied"
  kubectl -n $shop rollout status deployment/merged --timeout=90s >/dev/null || fail "the merged image does not run"
  (cd "$work" && show kubectl -n $shop get pods -l app=merged) || true
  kubectl -n $shop delete deployment merged --wait=false >/dev/null
  step "the merged image is admitted beside an arm64 node, and runs"
}
