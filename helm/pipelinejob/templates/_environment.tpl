{{/* What the operator is told; OperatorConfig reads it. */}}
{{- define "pipelinejob.environment" -}}
- name: PIPELINEJOB_OPERATOR_NAMESPACE
  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
- name: PIPELINEJOB_POD_NAME
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
- name: PIPELINEJOB_POD_IP
  valueFrom: {fieldRef: {fieldPath: status.podIP}}
- name: PIPELINEJOB_NAMESPACES
  value: {{ join "," .Values.namespaces | quote }}
- name: PIPELINEJOB_WORKER_IMAGE
  value: {{ .Values.worker.image | quote }}
- name: PIPELINEJOB_CONTROL_SERVICE
  value: {{ include "pipelinejob.name" . }}-control
- name: PIPELINEJOB_CONTROL_PORT
  value: {{ .Values.control.port | quote }}
- name: PIPELINEJOB_HTTP_PORT
  value: {{ .Values.metrics.port | quote }}
- name: PIPELINEJOB_LEASE
  value: {{ include "pipelinejob.name" . }}
- name: PIPELINEJOB_AUTHORITY_SECRET
  value: {{ include "pipelinejob.name" . }}-authority
{{- end -}}
