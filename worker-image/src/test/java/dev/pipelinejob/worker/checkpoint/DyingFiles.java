package dev.pipelinejob.worker.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/// The real file system until its n-th operation; then the machine loses power: that operation happens half or not at
/// all, and what was not synced is cut short or filled with zeros. Syncing itself is only noted, which is fast.
final class DyingFiles implements StoreFiles {
    private final StoreFiles disk = new DiskFiles();
    private final Map<Path, Long> syncedBytes = new HashMap<>();
    private final Random random;
    private int operationsLeft;

    DyingFiles(int operations, Random random) {
        this.operationsLeft = operations;
        this.random = random;
    }

    /// Not an I/O error that anybody may handle: the process is gone.
    static final class PowerLost extends Error {
        private static final long serialVersionUID = 1;
    }

    private void live() {
        if (operationsLeft-- <= 0) {
            throw new PowerLost();
        }
    }

    /// What the disk holds after the loss: unsynced bytes are gone, or there but zero.
    void losePower() throws IOException {
        for (Map.Entry<Path, Long> file : syncedBytes.entrySet()) {
            if (!file.getKey().toFile().exists()) {
                continue;
            }
            try (FileChannel channel = FileChannel.open(file.getKey(), StandardOpenOption.WRITE)) {
                long size = channel.size();
                long unsynced = size - file.getValue();
                if (unsynced > 0) {
                    channel.truncate(file.getValue() + random.nextLong(unsynced + 1));
                    if (random.nextBoolean()) {
                        channel.write(ByteBuffer.allocate((int) unsynced), file.getValue());
                    }
                }
            }
        }
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        live();
        Files.createDirectories(folder);
    }

    @Override
    public Sink create(Path file) throws IOException {
        live();
        Sink sink = disk.create(file);
        syncedBytes.put(file, 0L);
        return new DyingSink(file, sink);
    }

    @Override
    public void syncFolder(Path folder) {
        live();
    }

    @Override
    public void link(Path link, Path existing) throws IOException {
        live();
        disk.link(link, existing);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        live();
        disk.move(from, to);
        Long synced = syncedBytes.remove(from);
        if (synced != null) {
            syncedBytes.put(to, synced);
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        live();
        disk.delete(path);
    }

    private final class DyingSink implements Sink {
        private final Path file;
        private final Sink sink;
        private long written;

        DyingSink(Path file, Sink sink) {
            this.file = file;
            this.sink = sink;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            if (operationsLeft == 0) {
                sink.write(bytes.slice(bytes.position(), bytes.remaining() / 2));
            }
            live();
            int count = sink.write(bytes);
            written += count;
            return count;
        }

        @Override
        public void sync() {
            live();
            syncedBytes.put(file, written);
        }

        @Override
        public boolean isOpen() {
            return sink.isOpen();
        }

        @Override
        public void close() throws IOException {
            sink.close();
        }
    }
}
