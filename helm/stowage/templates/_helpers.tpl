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
  {{- $tls := dict "mode" "files" "certificateFile" "/etc/stowage-tls/tls.crt" "keyFile" "/etc/stowage-tls/tls.key" }}
  {{- if eq .Values.tls.source "stowage" }}
  {{- $tls = dict "mode" "managed" "secret" (include "stowage.tlsSecret" .) "webhook" $name "service" $name }}
  {{- end }}
  {{- $_ := set $config "tls" (mergeOverwrite $tls ($config.tls | default dict)) }}
  {{- toYaml $config | nindent 2 }}
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
