package dev.pipelinejob.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What an informer has to keep of objects that others keep the facts of: their names and versions.
///
/// @param <T> the kind of object
final class SlimStore<T extends HasMetadata> implements ItemStore<T> {
    private final Map<String, T> slim = new ConcurrentHashMap<>();
    private final Function<T, T> slimmer;

    /// @param slimmer makes an object with the same name, namespace, UID and version, and as little else as will do
    SlimStore(Function<T, T> slimmer) {
        this.slimmer = slimmer;
    }

    @Override
    public String getKey(T object) {
        String namespace = object.getMetadata().getNamespace();
        String name = object.getMetadata().getName();
        return namespace == null ? name : namespace + "/" + name;
    }

    @Override
    public @Nullable T put(String key, T object) {
        return slim.put(key, slimmer.apply(object));
    }

    @Override
    public @Nullable T remove(String key) {
        return slim.remove(key);
    }

    @Override
    public Stream<String> keySet() {
        return slim.keySet().stream();
    }

    @Override
    public Stream<T> values() {
        return slim.values().stream();
    }

    @Override
    public int size() {
        return slim.size();
    }

    @Override
    public @Nullable T get(String key) {
        return slim.get(key);
    }

    @Override
    public boolean isFullState() {
        return false;
    }
}
