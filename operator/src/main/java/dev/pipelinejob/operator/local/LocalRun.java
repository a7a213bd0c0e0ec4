package dev.pipelinejob.operator.local;

import dev.pipelinejob.operator.drive.Places;
import dev.pipelinejob.operator.drive.PlanDesk;
import dev.pipelinejob.operator.identity.CertificateAuthority;
import dev.pipelinejob.operator.identity.SlotTokens;
import dev.pipelinejob.operator.lifecycle.Journal;
import dev.pipelinejob.operator.monitor.ControlServer;
import dev.pipelinejob.operator.monitor.Roster;
import dev.pipelinejob.operator.monitor.WorkerKey;
import dev.pipelinejob.operator.planning.JobPlanner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/// One `run` on one folder, from taking its lock to giving it back.
public final class LocalRun implements AutoCloseable {
    private final FolderLock lock;
    private final ControlServer server;
    private final PlanDesk plans;
    private final JobLoop loop;

    private LocalRun(FolderLock lock, ControlServer server, PlanDesk plans, JobLoop loop) {
        this.lock = lock;
        this.server = server;
        this.plans = plans;
        this.loop = loop;
    }

    /// Whether the folder could be opened for a run.
    public sealed interface Opening {
        /// It is ours.
        record Opened(LocalRun run) implements Opening {}

        /// It is not needed: the job is complete, and its model is there.
        ///
        /// @param step the last one
        record Complete(int step) implements Opening {}

        /// It is not, because of what the user asked for.
        ///
        /// @param sentence why, and what would do
        record Refused(String sentence) implements Opening {}
    }

    /// What of a job is fixed when its folder is made.
    ///
    /// @param uid made then
    record Identity(String namespace, String name, String uid) {}

    /// Takes the folder, finds what an earlier driver left there, and opens the control server.
    public static Opening open(LocalSetup setup, RunListener listener) throws IOException {
        JobFolder folder = setup.folder();
        Files.createDirectories(folder.root());
        switch (FolderLock.take(folder.lock())) {
            case FolderLock.Outcome.InUse(String owner) -> {
                return new Opening.Refused("Folder " + folder.root() + " is in use by the run with process id " + owner
                        + ": wait for it, end it, or choose another --dir.");
            }
            case FolderLock.Outcome.Held(FolderLock lock) -> {
                try {
                    return open(setup, listener, lock);
                } catch (IOException | RuntimeException e) {
                    lock.close();
                    throw e;
                }
            }
        }
    }

    private static Opening open(LocalSetup setup, RunListener listener, FolderLock lock) throws IOException {
        JobFolder folder = setup.folder();
        Identity identity = identity(setup);
        if (!identity.name().equals(setup.name()) || !identity.namespace().equals(setup.namespace())) {
            lock.close();
            return new Opening.Refused("Folder " + folder.root() + " belongs to job " + identity.name() + " and not to "
                    + setup.name() + ": choose another --dir.");
        }
        JournalFile journals = new JournalFile(folder.journal());
        Journal journal = journals.read();
        Journal.Ending ended = journal.ended();
        if (ended != null) {
            if (ended.complete() && Files.exists(folder.model())) {
                lock.close();
                return new Opening.Complete(RunReport.losses(folder).lastStep());
            }
            boolean _ = journals.save(journal.reopened());
        }
        return new Opening.Opened(run(setup, identity, listener, lock));
    }

    private static LocalRun run(LocalSetup setup, Identity identity, RunListener listener, FolderLock lock)
            throws IOException {
        JobFolder folder = setup.folder();
        LocalJob job = new LocalJob(folder, identity.namespace(), identity.name(), identity.uid());
        Inbox inbox = new Inbox(setup.clock());
        SlotTokens tokens = new SlotTokens(folder.secrets().resolve("tokens"));
        CertificateAuthority authority = CertificateAuthority.openOrCreate(folder.secrets(), setup.clock());
        LocalSlots slots = new LocalSlots(job, setup.command(), tokens, setup.clock(), inbox::wake);
        ControlServer server = ControlServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new ControlServer.Wiring(authority, tokens, job, inbox));
        AtomicFiles.replace(folder.address(), "127.0.0.1:" + server.port());
        Roster roster = new Roster(server.sessions());
        Places places = new FixedPlaces(setup.topology());
        PlanDesk plans =
                new PlanDesk(new JobPlanner(System::nanoTime), setup.spec(), places, setup.clock(), inbox::wake);
        for (WorkerKey worker : slots.adopt()) {
            roster.expect(worker, setup.clock().instant());
        }
        JobLoop loop =
                JobLoop.open(new JobLoop.Parts(setup, job, inbox, slots, places, roster, plans, server), listener);
        return new LocalRun(lock, server, plans, loop);
    }

    private static Identity identity(LocalSetup setup) throws IOException {
        Path file = setup.folder().root().resolve("job.json");
        if (!Files.exists(file)) {
            JsonFiles.replace(
                    file,
                    new Identity(
                            setup.namespace(), setup.name(), UUID.randomUUID().toString()));
        }
        return JsonFiles.read(file, Identity.class);
    }

    /// Runs the job until it is complete, has failed, or was asked to stop. Leaves no process behind.
    public RunOutcome run() throws IOException, InterruptedException {
        return loop.run();
    }

    /// Asks the run to end in good order; from any thread.
    public void requestStop() {
        loop.requestStop();
    }

    @Override
    public void close() throws IOException {
        plans.close();
        server.close();
        lock.close();
    }
}
