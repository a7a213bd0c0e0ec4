package dev.pipelinejob.operator.controller;

import dev.pipelinejob.operator.apply.ControlEndpoint;
import dev.pipelinejob.operator.config.OperatorConfig;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One of several operators leads: it drives the jobs and is the one that workers find. An operator that has lost the
/// Lease ends at once, so that nothing that it still had in mind is done: the SDK alone would let it go on.
final class Leadership {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final Duration RENEW_WITHIN = Duration.ofSeconds(3);
    private static final Duration RETRY_EVERY = Duration.ofSeconds(1);
    private static final int MAX_TRIES = 20;
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final OperatorConfig config;
    private final @Nullable ControlEndpoint endpoint;
    private final int controlPort;
    private final Runnable end;
    private volatile boolean leads;
    private volatile boolean closing;

    /// @param endpoint what workers call; null when they were given this operator's own address
    /// @param controlPort where the control server listens
    /// @param end ends this operator, which has lost the Lease
    Leadership(OperatorConfig config, @Nullable ControlEndpoint endpoint, int controlPort, Runnable end) {
        this.config = config;
        this.endpoint = endpoint;
        this.controlPort = controlPort;
        this.end = end;
    }

    /// From now on the Lease is given back, not lost.
    void close() {
        closing = true;
    }

    LeaderElectionConfiguration configuration() {
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(config.leaseName())
                .withLeaseNamespace(config.namespace())
                .withIdentity(config.podName())
                .withLeaseDuration(LEASE)
                .withRenewDeadline(RENEW_WITHIN)
                .withRetryPeriod(RETRY_EVERY)
                .withLeaderCallbacks(new LeaderCallbacks(this::lead, this::stop, Leadership::follow))
                .build();
    }

    /// Whether this operator drives the jobs now.
    boolean leads() {
        return leads;
    }

    private void lead() {
        LOG.info("Operator {} holds the Lease {} and drives the jobs.", config.podName(), config.leaseName());
        leads = true;
        if (endpoint != null) {
            beFound(endpoint);
        }
    }

    private void beFound(ControlEndpoint service) {
        for (int attempt = 1; attempt <= MAX_TRIES && leads; attempt++) {
            try {
                service.lead(config.podAddress(), controlPort);
                return;
            } catch (KubernetesClientException e) {
                LOG.warn("The control Service cannot be led here yet: {}", e.getMessage());
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void stop() {
        boolean lost = leads && !closing;
        leads = false;
        if (lost) {
            LOG.warn("Operator {} has lost the Lease {} and ends.", config.podName(), config.leaseName());
            end.run();
        }
    }

    private static void follow(String leader) {
        LOG.info("Operator {} leads.", leader);
    }
}
