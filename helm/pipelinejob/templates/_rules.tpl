{{/* What the operator may do where jobs are: in the whole cluster, or in each namespace of a list. */}}
{{- define "pipelinejob.jobRules" -}}
- apiGroups: [pipelinejob.dev]
  resources: [pipelinejobs]
  verbs: [get, list, watch, delete]
- apiGroups: [pipelinejob.dev]
  resources: [pipelinejobs/status]
  verbs: [patch]
# Children name their job as an owner that waits for them; some clusters ask for this permission then.
- apiGroups: [pipelinejob.dev]
  resources: [pipelinejobs/finalizers]
  verbs: [update]
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, create, delete]
# Attempts and journals.
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, list, create, update, delete]
- apiGroups: [""]
  resources: [persistentvolumeclaims]
  verbs: [get]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create]
{{- end -}}

{{/* What it needs of the cluster in both cases: objects that belong to no namespace. */}}
{{- define "pipelinejob.clusterRules" -}}
- apiGroups: [""]
  resources: [nodes]
  verbs: [list, watch]
- apiGroups: [pipelinejob.dev]
  resources: [interconnecttopologies]
  verbs: [list, watch]
- apiGroups: [pipelinejob.dev]
  resources: [interconnecttopologies/status]
  verbs: [patch]
# Who a worker is, asked when it enrols.
- apiGroups: [authentication.k8s.io]
  resources: [tokenreviews]
  verbs: [create]
{{- end -}}

{{/* What it needs in its own namespace. Nothing can be created by name, so that is allowed for the kind. */}}
{{- define "pipelinejob.ownRules" -}}
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [create]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [{{ include "pipelinejob.name" . }}]
  verbs: [get, update, patch]
- apiGroups: [""]
  resources: [secrets]
  verbs: [create]
- apiGroups: [""]
  resources: [secrets]
  resourceNames: [{{ include "pipelinejob.name" . }}-authority]
  verbs: [get, update]
- apiGroups: [""]
  resources: [services]
  resourceNames: [{{ include "pipelinejob.name" . }}-control]
  verbs: [get]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [create]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  resourceNames: [{{ include "pipelinejob.name" . }}-control-leader]
  verbs: [patch]
{{- end -}}
