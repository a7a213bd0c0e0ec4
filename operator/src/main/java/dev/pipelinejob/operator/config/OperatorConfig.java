package dev.pipelinejob.operator.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How the operator is set up on a cluster.
///
/// @param namespace its own, where its Lease, Secret and Service are
/// @param podName its own pod's name: who it is in the Lease
/// @param podAddress its own pod's IP: where the Service leads while it holds the Lease
/// @param namespaces the ones whose jobs it drives; empty = all
/// @param controlPort where supervisors call
/// @param controlService the Service that leads to the operator that holds the Lease
/// @param controlAddress host:port that supervisors call instead of the Service; null = the Service
/// @param httpPort health, readiness and metrics
/// @param workerImage the workers' image when a pool names none
/// @param authoritySecret the Secret with the certificate authority
/// @param leaseName the Lease that one operator holds
public record OperatorConfig(
        String namespace,
        String podName,
        String podAddress,
        List<String> namespaces,
        int controlPort,
        String controlService,
        @Nullable String controlAddress,
        int httpPort,
        String workerImage,
        String authoritySecret,
        String leaseName) {
    public static final String NAMESPACE = "PIPELINEJOB_OPERATOR_NAMESPACE";
    public static final String POD_NAME = "PIPELINEJOB_POD_NAME";
    public static final String POD_ADDRESS = "PIPELINEJOB_POD_IP";
    public static final String NAMESPACES = "PIPELINEJOB_NAMESPACES";
    public static final String CONTROL_PORT = "PIPELINEJOB_CONTROL_PORT";
    public static final String CONTROL_SERVICE = "PIPELINEJOB_CONTROL_SERVICE";
    public static final String CONTROL_ADDRESS = "PIPELINEJOB_CONTROL_ADDRESS";
    public static final String HTTP_PORT = "PIPELINEJOB_HTTP_PORT";
    public static final String WORKER_IMAGE = "PIPELINEJOB_WORKER_IMAGE";
    public static final String AUTHORITY_SECRET = "PIPELINEJOB_AUTHORITY_SECRET";
    public static final String LEASE_NAME = "PIPELINEJOB_LEASE";

    private static final int MAX_PORT = 65_535;
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    public OperatorConfig {
        namespaces = List.copyOf(namespaces);
    }

    /// Reads it.
    ///
    /// @throws IllegalArgumentException with one sentence when a variable is missing or wrong
    public static OperatorConfig of(Map<String, String> environment) {
        return new OperatorConfig(
                required(environment, NAMESPACE),
                required(environment, POD_NAME),
                required(environment, POD_ADDRESS),
                names(environment.getOrDefault(NAMESPACES, "")),
                port(environment, CONTROL_PORT, 7600),
                environment.getOrDefault(CONTROL_SERVICE, "pipelinejob-control"),
                environment.get(CONTROL_ADDRESS),
                port(environment, HTTP_PORT, 8080),
                required(environment, WORKER_IMAGE),
                environment.getOrDefault(AUTHORITY_SECRET, "pipelinejob-authority"),
                environment.getOrDefault(LEASE_NAME, "pipelinejob-operator"));
    }

    private static String required(Map<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "").strip();
        if (value.isEmpty()) {
            throw new IllegalArgumentException(
                    name + " is not set: the operator's Deployment must give it, as the chart does.");
        }
        return value;
    }

    private static List<String> names(String text) {
        List<String> names = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String name = part.strip();
            if (!name.isEmpty()) {
                if (!NAME.matcher(name).matches()) {
                    throw new IllegalArgumentException(
                            NAMESPACES + " names '" + name + "', which is no namespace: separate names by commas.");
                }
                names.add(name);
            }
        }
        return names;
    }

    private static int port(Map<String, String> environment, String name, int otherwise) {
        String text = environment.getOrDefault(name, "").strip();
        if (text.isEmpty()) {
            return otherwise;
        }
        int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : -1;
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException(name + " is '" + text + "' but must be a port from 0 to " + MAX_PORT
                    + "; 0 takes any that is free.");
        }
        return port;
    }
}
