package dev.pipelinejob.operator.monitor;

import dev.pipelinejob.protocol.control.ControlGrpc;
import dev.pipelinejob.protocol.control.Hello;
import dev.pipelinejob.protocol.control.OperatorMessage;
import dev.pipelinejob.protocol.control.RenewCertificate;
import dev.pipelinejob.protocol.control.WorkerMessage;
import dev.pipelinejob.protocol.identity.SpiffeId;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One stream a supervisor: its first message says who it is, and its certificate must say the same.
final class ControlService extends ControlGrpc.ControlImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(ControlService.class);

    private final Sessions sessions;
    private final Membership membership;
    private final MonitorSink sink;
    private final CertificateRenewal certificates;

    ControlService(Sessions sessions, Membership membership, MonitorSink sink, CertificateRenewal certificates) {
        this.sessions = sessions;
        this.membership = membership;
        this.sink = sink;
        this.certificates = certificates;
    }

    @Override
    public StreamObserver<WorkerMessage> session(StreamObserver<OperatorMessage> answers) {
        ServerCallStreamObserver<OperatorMessage> stream = (ServerCallStreamObserver<OperatorMessage>) answers;
        stream.disableAutoRequest();
        Incoming incoming = new Incoming(stream, PeerGate.PEER.get());
        stream.setOnReadyHandler(incoming::ready);
        stream.setOnCancelHandler(() -> incoming.end("the connection broke"));
        stream.setOnCloseHandler(() -> incoming.end("the operator closed it"));
        stream.request(1);
        return incoming;
    }

    /// The supervisor's end of the stream. gRPC calls it from one thread at a time.
    private final class Incoming implements StreamObserver<WorkerMessage> {
        private final ServerCallStreamObserver<OperatorMessage> stream;
        private final @Nullable SpiffeId peer;
        private volatile @Nullable WorkerSession session;
        private boolean ended;

        Incoming(ServerCallStreamObserver<OperatorMessage> stream, @Nullable SpiffeId peer) {
            this.stream = stream;
            this.peer = peer;
        }

        void ready() {
            WorkerSession opened = session;
            if (opened != null) {
                opened.drain();
            }
        }

        @Override
        public void onNext(WorkerMessage message) {
            WorkerSession opened = session;
            if (opened != null) {
                opened.heard();
                take(opened, message);
                opened.listens();
            } else if (message.hasHello()) {
                open(message.getHello());
            } else {
                refuse(Status.INVALID_ARGUMENT.withDescription("The first message of a session must be Hello."));
                return;
            }
            stream.request(1);
        }

        private void take(WorkerSession opened, WorkerMessage message) {
            switch (message.getBodyCase()) {
                case ALIVE -> opened.answerAlive();
                case RENEW_CERTIFICATE -> renew(opened, message.getRenewCertificate());
                default -> emit(new MonitorEvent.Received(opened.worker(), opened.number(), message));
            }
        }

        private void open(Hello hello) {
            WorkerKey worker = peer instanceof SpiffeId.Worker identity ? membership.workerOf(identity) : null;
            if (worker == null || !says(hello, worker)) {
                refuse(Status.PERMISSION_DENIED.withDescription("The certificate of " + peer
                        + " does not speak for slot " + hello.getSlot() + ", incarnation " + hello.getIncarnation()
                        + " of job " + hello.getJobUid() + "."));
                return;
            }
            WorkerSession admitted = sessions.admit(worker, stream, this::end);
            if (admitted == null) {
                refuse(Status.FAILED_PRECONDITION.withDescription(
                        "A newer incarnation of slot " + worker.slot() + " has the session."));
                return;
            }
            session = admitted;
            boolean _ = admitted.send(certificates.trustBundle());
            emit(new MonitorEvent.Connected(worker, admitted.number(), hello));
        }

        /// A worker whose pod is gone, or another's now, is not renewed; its stream is about to end.
        private void renew(WorkerSession opened, RenewCertificate request) {
            if (peer instanceof SpiffeId.Worker identity && opened.worker().equals(membership.workerOf(identity))) {
                OperatorMessage answer = certificates.answer(request, identity);
                if (answer != null) {
                    boolean _ = opened.send(answer);
                }
            }
        }

        private static boolean says(Hello hello, WorkerKey worker) {
            return hello.getJobUid().equals(worker.jobUid())
                    && hello.getSlot() == worker.slot()
                    && hello.getIncarnation() == worker.incarnation();
        }

        private void refuse(Status status) {
            LOG.warn("A control session was refused: {}", status.getDescription());
            synchronized (this) {
                ended = true;
            }
            stream.onError(status.asRuntimeException());
        }

        @Override
        public void onError(Throwable error) {
            end(String.valueOf(Status.fromThrowable(error).getDescription()));
        }

        @Override
        public void onCompleted() {
            end("the supervisor closed it");
        }

        void end(String reason) {
            synchronized (this) {
                if (ended) {
                    return;
                }
                ended = true;
            }
            WorkerSession opened = session;
            if (opened == null) {
                if (!stream.isCancelled()) {
                    stream.onCompleted();
                }
                return;
            }
            opened.complete();
            sessions.forget(opened);
            emit(new MonitorEvent.Disconnected(opened.worker(), opened.number(), reason, opened.quiet()));
        }

        private void emit(MonitorEvent event) {
            try {
                sink.accept(event);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
