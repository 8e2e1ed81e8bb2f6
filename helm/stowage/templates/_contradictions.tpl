{{- /* Refuses values that contradict each other, each by a message that names both. */ -}}
{{- define "stowage.refuseContradictions" -}}
{{- $v := .Values }}
{{- $config := $v.config }}
{{- $problems := list }}

{{- $deadline := include "stowage.milliseconds" (dig "admissionDeadline" "" $config) }}
{{- if and $deadline (ge (float64 $deadline) (mulf 1000 $v.webhook.timeoutSeconds)) }}
{{- $problems = append $problems (printf "config.admissionDeadline is %v, but webhook.timeoutSeconds is %v: the API server would give up before Stowage answers. Make config.admissionDeadline shorter" $config.admissionDeadline $v.webhook.timeoutSeconds) }}
{{- end }}

{{- $delay := include "stowage.milliseconds" (dig "server" "drainDelay" "5s" $config) | default 0 }}
{{- $drain := include "stowage.milliseconds" (dig "server" "drainTimeout" "10s" $config) | default 0 }}
{{- if ge (addf $delay $drain) (mulf 1000 $v.terminationGracePeriodSeconds) }}
{{- $problems = append $problems (printf "terminationGracePeriodSeconds is %v, but config.server.drainDelay (%v) and config.server.drainTimeout (%v) take as long: pods would be killed while they finish reviews" $v.terminationGracePeriodSeconds (dig "server" "drainDelay" "5s" $config) (dig "server" "drainTimeout" "10s" $config)) }}
{{- end }}

{{- $scaled := kindIs "invalid" $v.replicas }}
{{- $replicas := $scaled | ternary 2 (int $v.replicas) }}
{{- if and (eq $replicas 0) $v.podDisruptionBudget.enabled }}
{{- $problems = append $problems "replicas is 0, but podDisruptionBudget.enabled is true: there is nothing to protect. Set podDisruptionBudget.enabled to false, or replicas to 1 or more" }}
{{- end }}
{{- if and (eq $replicas 0) (eq $v.failurePolicy "Fail") }}
{{- $problems = append $problems "replicas is 0, but failurePolicy is Fail: nothing could be created in the cluster. Set failurePolicy to Ignore, or replicas to 1 or more" }}
{{- end }}
{{- $away := toString $v.podDisruptionBudget.maxUnavailable }}
{{- $all := or (eq $away "100%") (and (regexMatch "^[0-9]+$" $away) (ge (int $away) $replicas)) }}
{{- if and $v.podDisruptionBudget.enabled (ge $replicas 2) $all (not $scaled) }}
{{- $problems = append $problems (printf "podDisruptionBudget.maxUnavailable is %s, but replicas is %d: a drain could take all replicas away at once. Make podDisruptionBudget.maxUnavailable smaller, or set podDisruptionBudget.enabled to false" $away $replicas) }}
{{- end }}

{{- range $resource, $request := dig "requests" dict $v.resources }}
{{- $limit := dig "limits" $resource "" $v.resources }}
{{- $asked := include "stowage.quantity" $request }}
{{- $most := include "stowage.quantity" $limit }}
{{- if and $asked $most (gt (float64 $asked) (float64 $most)) }}
{{- $problems = append $problems (printf "resources.requests.%s is %v, but resources.limits.%s is %v: no pod could be created. Make the request smaller, or the limit larger" $resource $request $resource $limit) }}
{{- end }}
{{- end }}

{{- if and (include "stowage.steers" .) $v.webhook.url }}
{{- $path := trimSuffix "/" (urlParse $v.webhook.url).path }}
{{- if not (has $path (list "" "/validate")) }}
{{- $problems = append $problems (printf "webhook.url ends with %s, but config.steering.mode is %v: Stowage would not know its path for steering. End webhook.url with /validate, or with the port" $path $config.steering.mode) }}
{{- end }}
{{- end }}

{{- if and $v.rbac.pullSecrets.namespaces (not (include "stowage.readsPullSecrets" .)) }}
{{- $problems = append $problems "rbac.pullSecrets.namespaces is set, but config.pullSecrets.enabled is false: pull secrets are not read. Remove one of the two" }}
{{- end }}
{{- if and $v.rbac.pullSecrets.namespaces (not $v.rbac.create) }}
{{- $problems = append $problems "rbac.pullSecrets.namespaces is set, but rbac.create is false: no role is created. Remove one of the two" }}
{{- end }}

{{- range $field := list "apiServerCidrs" "metricsFrom" "egress" }}
{{- if and (get $v.networkPolicy $field) (not $v.networkPolicy.enabled) }}
{{- $problems = append $problems (printf "networkPolicy.%s is set, but networkPolicy.enabled is false: there is no policy that it could be part of. Set networkPolicy.enabled to true, or remove networkPolicy.%s" $field $field) }}
{{- end }}
{{- end }}

{{- if and $v.tls.caBundle (ne $v.tls.source "secret") }}
{{- $problems = append $problems (printf "tls.caBundle is set, but tls.source is %s, which enters the CA itself. Remove tls.caBundle, or set tls.source to secret" $v.tls.source) }}
{{- end }}
{{- if and $v.tls.certManager.issuerRef (ne $v.tls.source "cert-manager") }}
{{- $problems = append $problems (printf "tls.certManager.issuerRef is set, but tls.source is %s. Remove tls.certManager.issuerRef, or set tls.source to cert-manager" $v.tls.source) }}
{{- end }}
{{- if and $v.tls.clientCa.configMap $v.tls.clientCa.secret }}
{{- $problems = append $problems "tls.clientCa.configMap and tls.clientCa.secret are both set. Remove one of the two" }}
{{- end }}
{{- $mode := dig "tls" "mode" "" $config }}
{{- $usual := ternary "managed" "files" (eq $v.tls.source "stowage") }}
{{- if and $mode (ne $mode $usual) }}
{{- $problems = append $problems (printf "config.tls.mode is %s, but tls.source is %s, which is config.tls.mode %s. Remove config.tls.mode" $mode $v.tls.source $usual) }}
{{- end }}

{{- if eq (int $v.ports.webhook) (int $v.ports.metrics) }}
{{- $problems = append $problems (printf "ports.webhook and ports.metrics are both %v. Change one of the two" $v.ports.webhook) }}
{{- end }}
{{- $port := dig "server" "port" $v.ports.webhook $config }}
{{- if ne (int $port) (int $v.ports.webhook) }}
{{- $problems = append $problems (printf "config.server.port is %v, but ports.webhook is %v. Remove config.server.port" $port $v.ports.webhook) }}
{{- end }}
{{- if $v.hostNetwork }}
{{- range $name, $port := $v.ports }}
{{- if eq (int $port) 10250 }}
{{- $problems = append $problems (printf "hostNetwork is true, but ports.%s is 10250, which the kubelet of each node uses. Change ports.%s, or set hostNetwork to false" $name $name) }}
{{- end }}
{{- end }}
{{- if $v.networkPolicy.enabled }}
{{- $problems = append $problems "hostNetwork is true, but networkPolicy.enabled is true, too: no policy applies to pods on the network of their nodes. Set one of the two to false" }}
{{- end }}
{{- if eq $v.dnsPolicy "ClusterFirst" }}
{{- $problems = append $problems "hostNetwork is true, but dnsPolicy is ClusterFirst, which such pods ignore. Remove dnsPolicy, or set it to ClusterFirstWithHostNet" }}
{{- end }}
{{- end }}
{{- if and $v.trustedCA.configMap $config.trustedCa }}
{{- $problems = append $problems "trustedCA.configMap and config.trustedCa are both set. Remove one of the two" }}
{{- end }}

{{- $reserved := merge (include "stowage.selector" . | fromYaml) (include "stowage.labels" . | fromYaml) | keys }}
{{- range $value, $labels := dict "commonLabels" $v.commonLabels "podLabels" $v.podLabels "service.labels" $v.service.labels }}
{{- range $label, $_ := $labels }}
{{- if has $label $reserved }}
{{- $problems = append $problems (printf "%s sets %s, but the chart sets it itself, because it selects its pods by it or Helm needs it. Remove it" $value $label) }}
{{- end }}
{{- end }}
{{- end }}

{{- range (dig "addresses" "allowedCidrs" list $config) }}
{{- if has . (dig "addresses" "deniedCidrs" list $config) }}
{{- $problems = append $problems (printf "%s is in config.addresses.allowedCidrs, but also in config.addresses.deniedCidrs. Remove one of the two" .) }}
{{- end }}
{{- end }}

{{- if and $v.metrics.serviceMonitor.enabled $v.metrics.podMonitor.enabled }}
{{- $problems = append $problems "metrics.serviceMonitor.enabled and metrics.podMonitor.enabled are both true: every pod would be scraped twice. Set one of the two to false" }}
{{- end }}

{{- if $problems }}
{{- fail (printf "values that contradict each other:\n- %s" (join "\n- " $problems)) }}
{{- end }}
{{- end }}

{{- /* A duration of the configuration (500ms, 5s, 10m, 1h, 1d, seconds, or PT5S) in milliseconds; empty when it is none. */ -}}
{{- define "stowage.milliseconds" -}}
{{- $text := toString . | upper }}
{{- if regexMatch "^[0-9]+MS$" $text }}
{{- trimSuffix "MS" $text }}
{{- else if regexMatch "^[0-9]+[SMHD]?$" $text }}
{{- $unit := dict "" 1000 "S" 1000 "M" 60000 "H" 3600000 "D" 86400000 }}
{{- mulf (regexFind "[0-9]+" $text) (get $unit (regexFind "[SMHD]" $text)) }}
{{- else if regexMatch "^P([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9.]+S)?)?$" $text }}
{{- $date := regexFind "^P[^T]*" $text }}
{{- $time := trimPrefix $date $text }}
{{- $days := regexFind "[0-9]+D" $date | trimSuffix "D" | default "0" }}
{{- $hours := regexFind "[0-9]+H" $time | trimSuffix "H" | default "0" }}
{{- $minutes := regexFind "[0-9]+M" $time | trimSuffix "M" | default "0" }}
{{- $seconds := regexFind "[0-9.]+S" $time | trimSuffix "S" | default "0" }}
{{- addf (mulf 86400000 $days) (mulf 3600000 $hours) (mulf 60000 $minutes) (mulf 1000 $seconds) }}
{{- end }}
{{- end }}

{{- /* A quantity of resources as a number; empty when it is none. */ -}}
{{- define "stowage.quantity" -}}
{{- $text := toString . }}
{{- if regexMatch "^[0-9.]+(m|k|M|G|T|Ki|Mi|Gi|Ti)?$" $text }}
{{- $unit := dict "" 1 "m" 0.001 "k" 1000 "M" 1000000 "G" 1000000000 "T" 1000000000000 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 }}
{{- mulf (regexFind "^[0-9.]+" $text) (get $unit (regexFind "[A-Za-z]+$" $text)) }}
{{- end }}
{{- end }}
