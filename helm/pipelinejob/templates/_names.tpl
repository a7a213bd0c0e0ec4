{{/* What every object of this release is called. */}}
{{- define "pipelinejob.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* Objects without a namespace carry it in their name, so that two releases of one name do not meet. */}}
{{- define "pipelinejob.clusterName" -}}
{{- printf "%s:%s" .Release.Namespace (include "pipelinejob.name" .) -}}
{{- end -}}

{{- define "pipelinejob.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (include "pipelinejob.name" .) -}}
{{- end -}}

{{/* What a Deployment finds its pods by; never changes. */}}
{{- define "pipelinejob.selector" -}}
app.kubernetes.io/name: pipelinejob
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end -}}

{{- define "pipelinejob.labels" -}}
{{ include "pipelinejob.selector" . }}
app.kubernetes.io/part-of: pipelinejob
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "pipelinejob.subject" -}}
- kind: ServiceAccount
  name: {{ include "pipelinejob.serviceAccount" . }}
  namespace: {{ .Release.Namespace }}
{{- end -}}
