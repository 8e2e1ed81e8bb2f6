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

{{- define "stowage.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "stowage.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "stowage.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{- define "stowage.tlsSecret" -}}
{{- .Values.tls.secretName | default (printf "%s-tls" (include "stowage.fullname" .)) }}
{{- end }}

{{- /* The names that the API server calls the Service by. */ -}}
{{- define "stowage.dnsNames" -}}
- {{ include "stowage.fullname" . }}.{{ .Release.Namespace }}.svc
- {{ include "stowage.fullname" . }}.{{ .Release.Namespace }}.svc.cluster.local
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
  {{- toYaml $config | nindent 2 }}
{{- end }}

{{- /* "true" where reviews come to a path that cannot be guessed: Stowage needs the permission to enter it. */ -}}
{{- define "stowage.secretPath" -}}
{{- if ne (toString (dig "tls" "secretPath" .Values.rbac.create .Values.config)) "false" }}true{{ end }}
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
  name: {{ .name }}
  namespace: {{ .namespace }}
  labels:
    {{- include "stowage.labels" .root | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ .name }}
subjects:
  - kind: ServiceAccount
    name: {{ include "stowage.serviceAccount" .root }}
    namespace: {{ .root.Release.Namespace }}
{{- end }}
