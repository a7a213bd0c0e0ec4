package dev.pipelinejob.e2e.cluster;

/// A pod of the harness's own image, pinned to a node by the real scheduler and allowed in a restricted namespace.
///
/// @param arguments the program's, as a YAML list
record PausePod(String name, String node, String arguments) {
    /// Answers everyone who connects to port 7000 with its name.
    static PausePod serving(String name, String node) {
        return new PausePod(name, node, "[serve, '7000', " + name + "]");
    }

    String yaml() {
        return """
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, labels: {app: %s}}
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 1
                  nodeSelector: {kubernetes.io/hostname: %s}
                  securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault}}
                  containers:
                    - name: pause
                      image: pipelinejob/pause:1
                      args: %s
                      securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
                      volumeMounts: [{name: data, mountPath: /data}]
                  volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
                """.formatted(name, name, node, arguments);
    }
}
