package dev.pipelinejob.operator.apply;

import dev.pipelinejob.api.WorkerLabels;
import dev.pipelinejob.operator.identity.AuthorityKeys;
import dev.pipelinejob.operator.identity.AuthoritySource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The certificate authority in its Secret, which is only ever asked for by its name. Whoever changes it does so over
/// the version that it read, so that two operators never work with different ones.
public final class AuthoritySecret implements AuthoritySource {
    /// A new CA takes over when the value of this annotation differs from the one of the last time.
    public static final String ROTATE = WorkerLabels.PREFIX + "rotate-authority";

    private static final int MAX_TRIES = 5;

    private final KubernetesClient client;
    private final String namespace;
    private final String name;
    private final Clock clock;

    public AuthoritySecret(KubernetesClient client, String namespace, String name, Clock clock) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
        this.clock = clock;
    }

    /// The keys as they are now, one step further when a change is due; made when there are none.
    ///
    /// @throws IOException when the Secret holds something else, or changes again and again
    @Override
    public AuthorityKeys current() throws IOException {
        for (int i = 0; i < MAX_TRIES; i++) {
            Secret found = resource().get();
            AuthorityKeys known = found == null || isEmpty(found) ? null : AuthorityKeys.read(text(found));
            AuthorityKeys wanted = known == null
                    ? AuthorityKeys.create(clock.instant())
                    : known.advanced(clock.instant(), wish(Objects.requireNonNull(found)));
            if (wanted.equals(known) || isWritten(found, wanted)) {
                return wanted;
            }
        }
        throw new IOException("Secret " + namespace + "/" + name + " was changed by others " + MAX_TRIES
                + " times in a row: only operators of one installation may use it.");
    }

    private Resource<Secret> resource() {
        return client.secrets().inNamespace(namespace).withName(name);
    }

    /// The chart may have made it, for its permissions, and leaves its content to us.
    private static boolean isEmpty(Secret found) {
        return found.getData() == null || found.getData().isEmpty();
    }

    private static String wish(Secret found) {
        Map<String, String> annotations = found.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(ROTATE, "");
    }

    private static Map<String, String> text(Secret found) {
        Map<String, String> text = new TreeMap<>();
        found.getData()
                .forEach((key, value) ->
                        text.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
        return text;
    }

    /// False when somebody else was faster: then theirs counts.
    private boolean isWritten(@Nullable Secret found, AuthorityKeys keys) {
        Map<String, String> data = new LinkedHashMap<>();
        keys.data()
                .forEach((key, value) ->
                        data.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        SecretBuilder secret = found == null
                ? new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .addToLabels(WorkerLabels.MANAGED_BY, WorkerLabels.MANAGER)
                        .endMetadata()
                : new SecretBuilder(found);
        Secret wanted = secret.withData(data).build();
        try {
            Resource<Secret> written = client.resource(wanted);
            Secret _ = found == null ? written.create() : written.update();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return false;
            }
            throw e;
        }
    }
}
