package dev.pipelinejob.worker.data;

/// The tokens of a data set: its bytes, memory-mapped.
public final class TokenSource implements DataOutcome, AutoCloseable {
    private TokenSource() {}

    /// Opens a file, a folder (all regular files in the order of their relative paths) or a zip (entries
    /// in name
    /// order). A second opening of the same data takes milliseconds.
    public static DataOutcome open(DataRequest request) {
        return Pending.answer(request);
    }

    /// Number of tokens.
    public long length() {
        return Pending.answer();
    }

    /// The token at a position, 0 to 255.
    public int at(long position) {
        return Pending.answer(position);
    }

    /// Lower-case hex SHA-256 of the tokens.
    public String digest() {
        return Pending.answer();
    }

    @Override
    public void close() {}
}
