{{- /* The metadata of an object of the Prometheus operator, whose values name its namespace, labels and annotations. */ -}}
{{- define "stowage.monitoringMetadata" -}}
{{- include "stowage.metadata" (dict "root" .root "name" (include "stowage.fullname" .root) "namespace" (.values.namespace | default .root.Release.Namespace) "labels" .values.labels "annotations" .values.annotations) }}
{{- end }}

{{- /* What ServiceMonitor and PodMonitor have in common above their endpoints. */ -}}
{{- define "stowage.monitorSpec" -}}
namespaceSelector:
  matchNames: [{{ .root.Release.Namespace }}]
{{- with .values.jobLabel }}
jobLabel: {{ . }}
{{- end }}
{{- with .values.podTargetLabels }}
podTargetLabels:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.sampleLimit }}
sampleLimit: {{ int . }}
{{- end }}
{{- end }}

{{- /* The endpoint of either; relabelings are those of the chart and of the values. */ -}}
{{- define "stowage.monitorEndpoint" -}}
- port: metrics
  path: /metrics
  interval: {{ .values.interval }}
  {{- with .values.scrapeTimeout }}
  scrapeTimeout: {{ . }}
  {{- end }}
  {{- if .values.honorLabels }}
  honorLabels: true
  {{- end }}
  {{- with concat .relabelings .values.relabelings }}
  relabelings:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .values.metricRelabelings }}
  metricRelabelings:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{- /* The labels of this release's metrics, in PromQL. */ -}}
{{- define "stowage.metricsSelector" -}}
{{- .Values.metrics.prometheusRule.selector | default (printf "namespace=%q,job=%q" .Release.Namespace (include "stowage.fullname" .)) }}
{{- end }}

{{- /* From how many seconds on a review is slow. */ -}}
{{- define "stowage.slowSeconds" -}}
{{- $seconds := float64 .Values.metrics.prometheusRule.alerts.StowageReviewsSlow.seconds }}
{{- if not $seconds }}
{{- $deadline := dig "admissionDeadline" "" .Values.config | default (include "stowage.shorterDeadline" .) | default "5s" }}
{{- $seconds = divf (include "stowage.milliseconds" $deadline) 1250 }}
{{- end }}
{{- $seconds }}
{{- end }}
