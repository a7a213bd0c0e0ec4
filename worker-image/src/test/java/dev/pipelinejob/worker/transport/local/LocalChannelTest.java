package dev.pipelinejob.worker.transport.local;

import dev.pipelinejob.worker.transport.TensorChannelContract;
import dev.pipelinejob.worker.transport.TensorTransport;

class LocalChannelTest extends TensorChannelContract {
    private final LocalNetwork network = new LocalNetwork();

    @Override
    protected TensorTransport newTransport(int index) {
        return network.transport("worker-" + index);
    }

    @Override
    protected String identity(int index) {
        return "worker-" + index;
    }
}
