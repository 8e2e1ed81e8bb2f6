{{- define "stowage.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "stowage.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else if contains (include "stowage.name" .) .Release.Name }}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "stowage.name" .) | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- /* The pods that answer; the pod of "helm test" is none of them. */ -}}
{{- define "stowage.selector" -}}
app.kubernetes.io/name: {{ include "stowage.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: webhook
{{- end }}

{{- define "stowage.labels" -}}
app.kubernetes.io/name: {{ include "stowage.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- /* The metadata of an object, from a dict: root, name, and, where there are any, namespace, labels, annotations. */ -}}
{{- define "stowage.metadata" -}}
name: {{ .name }}
{{- with .namespace }}
namespace: {{ . }}
{{- end }}
labels:
  {{- merge (include "stowage.labels" .root | fromYaml) (.labels | default dict) .root.Values.commonLabels | toYaml | nindent 2 }}
{{- with merge dict (.annotations | default dict) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "stowage.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "stowage.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "stowage.image" -}}
{{- $repository := .Values.image.repository }}
{{- with .Values.image.registry | default (.Values.global | default dict).imageRegistry }}
{{- $parts := splitList "/" $repository }}
{{- if and (gt (len $parts) 1) (regexMatch "[.:]|^localhost$" (first $parts)) }}{{ $repository = join "/" (rest $parts) }}{{ end }}
{{- $repository = printf "%s/%s" (trimSuffix "/" .) $repository }}
{{- end }}
{{- if .Values.image.digest -}}
{{ $repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ $repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{- /* The pull secrets of the pods; empty when there are none. */ -}}
{{- define "stowage.imagePullSecrets" -}}
{{- $global := .Values.global | default dict }}
{{- $names := list }}
{{- range concat ($global.imagePullSecrets | default list) (.Values.imagePullSecrets | default list) (.Values.image.pullSecrets | default list) }}
{{- if kindIs "map" . }}{{ $names = append $names (dict "name" .name) }}{{ else }}{{ $names = append $names (dict "name" .) }}{{ end }}
{{- end }}
{{- with uniq $names }}imagePullSecrets:
{{ toYaml . }}
{{- end }}
{{- end }}

{{- /* "true" where the pods' users and groups are assigned by OpenShift. */ -}}
{{- define "stowage.onOpenShift" -}}
{{- $openshift := toString .Values.openshift }}
{{- if or (eq $openshift "true") (and (eq $openshift "auto") (.Capabilities.APIVersions.Has "security.openshift.io/v1")) }}true{{ end }}
{{- end }}

{{- /* A security context from a dict: root, context. Without the keys that are null or that OpenShift assigns. */ -}}
{{- define "stowage.securityContext" -}}
{{- $assigned := eq (include "stowage.onOpenShift" .root) "true" | ternary (list "runAsUser" "runAsGroup" "fsGroup") list }}
{{- $kept := dict }}
{{- range $key, $value := .context }}
{{- if not (or (kindIs "invalid" $value) (has $key $assigned)) }}{{ $_ := set $kept $key $value }}{{ end }}
{{- end }}
{{- toYaml $kept }}
{{- end }}

{{- /* "true" where Helm talks to a cluster, whose kinds it knows then; not in "helm template". */ -}}
{{- define "stowage.live" -}}
{{- if .Capabilities.APIVersions.Has "v1/Pod" }}true{{ end }}
{{- end }}

{{- /* The host of webhook.url; empty when there is none. */ -}}
{{- define "stowage.urlHost" -}}
{{- with .Values.webhook.url }}{{ (urlParse .).hostname }}{{ end }}
{{- end }}

{{- define "stowage.tlsSecret" -}}
{{- .Values.tls.secretName | default (printf "%s-tls" (include "stowage.fullname" .)) }}
{{- end }}

{{- /* The names, and the addresses, that the API server calls the Service by, or instead of it. */ -}}
{{- define "stowage.subjectAltNames" -}}
{{- $host := include "stowage.urlHost" . }}
{{- $isAddress := regexMatch "^[0-9.]+$|:" $host }}
dnsNames:
  - {{ include "stowage.fullname" . }}.{{ .Release.Namespace }}.svc
  - {{ include "stowage.fullname" . }}.{{ .Release.Namespace }}.svc.cluster.local
  {{- if and $host (not $isAddress) }}
  - {{ $host }}
  {{- end }}
{{- if $isAddress }}
ipAddresses: [{{ $host | quote }}]
{{- end }}
{{- end }}

{{- define "stowage.config" -}}
stowage:
  {{- $config := deepCopy .Values.config }}
  {{- if not $config.mode }}{{ $_ := set $config "mode" .Values.mode }}{{ end }}
  {{- with .Values.webhook.excludedNamespaces }}
  {{- $_ := set $config "reports" (mergeOverwrite (dict "excludedNamespaces" .) ($config.reports | default dict)) }}
  {{- end }}
  {{- $name := include "stowage.fullname" . }}
  {{- if not (hasKey $config "admissionDeadline") }}
  {{- with include "stowage.shorterDeadline" . }}{{ $_ := set $config "admissionDeadline" . }}{{ end }}
  {{- end }}
  {{- if .Values.metrics.byNamespace }}
  {{- $_ := set $config "metrics" (mergeOverwrite (dict "byNamespace" true) ($config.metrics | default dict)) }}
  {{- end }}
  {{- $tls := dict "mode" "files" "certificateFile" "/etc/stowage-tls/tls.crt" "keyFile" "/etc/stowage-tls/tls.key" }}
  {{- if eq .Values.tls.source "stowage" }}
  {{- $tls = dict "mode" "managed" "secret" (include "stowage.sharedSecret" .) "webhook" $name "service" $name }}
  {{- else if include "stowage.secretPath" . }}
  {{- $tls = merge $tls (dict "secret" (include "stowage.sharedSecret" .) "webhook" $name) }}
  {{- end }}
  {{- $_ := set $tls "secretPath" (eq (include "stowage.secretPath" .) "true") }}
  {{- if include "stowage.clientCaVolume" . }}
  {{- $_ := set $tls "clientCa" (printf "/etc/stowage-client-ca/%s" .Values.tls.clientCa.key) }}
  {{- end }}
  {{- $_ := set $config "tls" (mergeOverwrite $tls ($config.tls | default dict)) }}
  {{- if and .Values.webhook.url (eq .Values.tls.source "stowage") }}
  {{- $_ := set $config.tls "subjectAltNames" (append ($config.tls.subjectAltNames | default list) (include "stowage.urlHost" .) | uniq) }}
  {{- end }}
  {{- if ne (int .Values.ports.webhook) 8443 }}
  {{- $_ := set $config "server" (mergeOverwrite (dict "port" (int .Values.ports.webhook)) ($config.server | default dict)) }}
  {{- end }}
  {{- if ne $name "stowage" }}
  {{- $_ := set $config "reports" (mergeOverwrite (dict "lease" (include "stowage.lease" .)) ($config.reports | default dict)) }}
  {{- end }}
  {{- if .Values.trustedCA.configMap }}
  {{- $_ := set $config "trustedCa" (printf "/etc/stowage-trusted-ca/%s" .Values.trustedCA.key) }}
  {{- end }}
  {{- toYaml $config | nindent 2 }}
{{- end }}

{{- /* "true" where reviews come to a path that cannot be guessed: Stowage needs the permission to enter it. */ -}}
{{- define "stowage.secretPath" -}}
{{- $default := and .Values.rbac.create (not .Values.webhook.url) }}
{{- if ne (toString (dig "tls" "secretPath" $default .Values.config)) "false" }}true{{ end }}
{{- end }}

{{- /* "true" where pods of some namespaces are steered, which takes a mutating webhook. YAML reads off without quotes as false. */ -}}
{{- define "stowage.steers" -}}
{{- if not (has (toString (dig "steering" "mode" "off" .Values.config)) (list "off" "false")) }}true{{ end }}
{{- end }}

{{- /* The URL that API servers call for the mutating webhook, where they call no Service. */ -}}
{{- define "stowage.steeringUrl" -}}
{{- $url := trimSuffix "/" .Values.webhook.url }}
{{- trimSuffix "/validate" $url }}/steer
{{- end }}

{{- /* The Lease by which the replicas of a release agree on who keeps the reports. */ -}}
{{- define "stowage.lease" -}}
{{- dig "reports" "lease" (printf "%s-reports" (include "stowage.fullname" .)) .Values.config }}
{{- end }}

{{- /* The Secret that all replicas share: with the certificate where Stowage makes it, else only with the key of the path. */ -}}
{{- define "stowage.sharedSecret" -}}
{{- if eq .Values.tls.source "stowage" }}
{{- include "stowage.tlsSecret" . }}
{{- else if include "stowage.secretPath" . }}
{{- printf "%s-path" (include "stowage.fullname" .) }}
{{- end }}
{{- end }}

{{- /* The volume with the CAs of client certificates, as YAML; empty where clients need no certificate. */ -}}
{{- define "stowage.clientCaVolume" -}}
{{- with .Values.tls.clientCa }}
{{- if .configMap -}}
configMap: {name: {{ .configMap }}}
{{- else if .secret -}}
secret: {secretName: {{ .secret }}}
{{- end }}
{{- end }}
{{- end }}

{{- /* A deadline below a short webhook.timeoutSeconds, where the application's default (5s) would be too long. */ -}}
{{- define "stowage.shorterDeadline" -}}
{{- $seconds := int .Values.webhook.timeoutSeconds }}
{{- if eq $seconds 1 }}500ms{{ else if le $seconds 5 }}{{ printf "%ds" (sub $seconds 1) }}{{ end }}
{{- end }}

{{- /* The namespaces to whose pull secrets the permission is limited, as JSON. */ -}}
{{- define "stowage.pullSecretNamespaces" -}}
{{- .Values.rbac.pullSecrets.namespaces | default list | uniq | toJson }}
{{- end }}

{{- /* "true" unless pull secrets are switched off. */ -}}
{{- define "stowage.readsPullSecrets" -}}
{{- $pullSecrets := .Values.config.pullSecrets | default dict }}
{{- if ne (toString (get $pullSecrets "enabled")) "false" }}true{{ end }}
{{- end }}

{{- /* Of a list of globs those that are plain names, as JSON. */ -}}
{{- define "stowage.plain" -}}
{{- $plain := list }}
{{- range . }}{{ if not (regexMatch "[*?\\[]" .) }}{{ $plain = append $plain . }}{{ end }}{{ end }}
{{- toJson $plain }}
{{- end }}

{{- /* Binds the Role of this name in this namespace to Stowage's ServiceAccount. */ -}}
{{- define "stowage.roleBinding" }}
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  {{- include "stowage.metadata" . | nindent 2 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ .name }}
subjects:
  - kind: ServiceAccount
    name: {{ include "stowage.serviceAccount" .root }}
    namespace: {{ .root.Release.Namespace }}
{{- end }}
