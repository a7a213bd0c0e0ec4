package dev.pipelinejob.worker.transport.local;

import dev.pipelinejob.worker.transport.ChannelSpec;
import dev.pipelinejob.worker.transport.TensorChannel;
import dev.pipelinejob.worker.transport.TensorTransport;
import org.jspecify.annotations.Nullable;

/// One worker of a {@link LocalNetwork}.
final class LocalTransport implements TensorTransport {
    private final LocalNetwork network;
    private final String name;

    LocalTransport(LocalNetwork network, String name) {
        this.network = network;
        this.name = name;
    }

    @Override
    public String address() {
        return name;
    }

    @Override
    public TensorChannel open(ChannelSpec spec, EdgeListener listener) {
        LocalChannel channel = new LocalChannel(network, spec, listener);
        network.opened(name, channel);
        return channel;
    }

    @Override
    public void close() {
        @Nullable LocalChannel channel = network.at(name);
        if (channel != null) {
            channel.close();
        }
    }
}
