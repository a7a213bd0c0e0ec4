package dev.pipelinejob.operator.apply;

import dev.pipelinejob.api.ApiNames;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Events about jobs and topologies, as `kubectl describe` shows them. Written beside everything else; one that
/// cannot be written is only logged.
public final class EventRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final int MAX_WAITING = 256;
    private static final int MAX_NOTE = 1024;
    /// Where Kubernetes keeps the events of objects that are in no namespace.
    private static final String OF_NO_NAMESPACE = "default";

    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final KubernetesClient client;
    private final ExecutorService executor;
    private final String instance;
    private final Clock clock;
    private final Semaphore room = new Semaphore(MAX_WAITING);
    private final AtomicLong count = new AtomicLong();

    /// @param instance which operator reports
    public EventRecorder(KubernetesClient client, ExecutorService executor, String instance, Clock clock) {
        this.client = client;
        this.executor = executor;
        this.instance = instance;
        this.clock = clock;
    }

    /// Something that people want to know of an object.
    ///
    /// @param warning whether it is bad news
    /// @param reason in one word
    /// @param note in words
    public record News(boolean warning, String reason, String note) {}

    /// Writes it, soon.
    public void record(HasMetadata regarding, News news) {
        if (!room.tryAcquire()) {
            LOG.warn("Too many events wait; this one is left out: {}", news);
            return;
        }
        Event event = event(regarding, news);
        executor.execute(() -> {
            try {
                client.resource(event).create();
            } catch (KubernetesClientException e) {
                LOG.warn("An event could not be written: {}", e.getMessage());
            } finally {
                room.release();
            }
        });
    }

    private Event event(HasMetadata regarding, News news) {
        Instant now = clock.instant();
        String note =
                news.note().length() <= MAX_NOTE ? news.note() : news.note().substring(0, MAX_NOTE);
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(
                        Objects.requireNonNullElse(regarding.getMetadata().getNamespace(), OF_NO_NAMESPACE))
                .withName(regarding.getMetadata().getName() + "." + Long.toHexString(now.toEpochMilli()) + "."
                        + Long.toHexString(count.incrementAndGet()))
                .endMetadata()
                .withEventTime(new MicroTime(MICROS.format(now)))
                .withReportingController(ApiNames.CONTROLLER)
                .withReportingInstance(instance)
                .withAction(news.reason())
                .withReason(news.reason())
                .withType(news.warning() ? "Warning" : "Normal")
                .withNote(note)
                .withNewRegarding()
                .withApiVersion(regarding.getApiVersion())
                .withKind(regarding.getKind())
                .withNamespace(regarding.getMetadata().getNamespace())
                .withName(regarding.getMetadata().getName())
                .withUid(regarding.getMetadata().getUid())
                .endRegarding()
                .build();
    }
}
