package dev.pipelinejob.operator.identity;

import dev.pipelinejob.protocol.identity.SpiffeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Tokens of one machine: a random one for each incarnation of a slot, in a file that only the owner reads.
public final class SlotTokens implements TokenVerifier {
    private static final int TOKEN_BYTES = 32;
    private static final int MAX_TOKEN_CHARACTERS = 256;

    private final Path folder;
    private final SecureRandom random = new SecureRandom();
    private final Map<SpiffeId.Worker, byte[]> issued = new ConcurrentHashMap<>();

    /// @param folder where the token files lie; made when it is missing
    public SlotTokens(Path folder) throws IOException {
        PrivateFiles.createFolder(folder);
        this.folder = folder;
    }

    /// Makes the worker's token and returns the file that holds it.
    public Path issue(SpiffeId.Worker worker) throws IOException {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        byte[] token = HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.US_ASCII);
        Path file = file(worker);
        PrivateFiles.write(file, token);
        issued.put(worker, token);
        return file;
    }

    /// Reads the token that an earlier process issued, so that an adopted worker can enrol again.
    public void remember(SpiffeId.Worker worker) throws IOException {
        Path file = file(worker);
        if (Files.exists(file)) {
            issued.put(worker, Files.readAllBytes(file));
        }
    }

    /// The worker is gone: whoever shows its token is not it.
    public void revoke(SpiffeId.Worker worker) throws IOException {
        issued.remove(worker);
        Files.deleteIfExists(file(worker));
    }

    private Path file(SpiffeId.Worker worker) {
        return folder.resolve(worker.podUid() + ".token");
    }

    @Override
    public TokenVerdict verify(String token) {
        if (token.length() > MAX_TOKEN_CHARACTERS) {
            return new TokenVerdict.Refused("The token is longer than " + MAX_TOKEN_CHARACTERS + " characters.");
        }
        byte[] presented = token.getBytes(StandardCharsets.UTF_8);
        for (Map.Entry<SpiffeId.Worker, byte[]> candidate : issued.entrySet()) {
            if (MessageDigest.isEqual(candidate.getValue(), presented)) {
                return new TokenVerdict.Accepted(candidate.getKey());
            }
        }
        return new TokenVerdict.Refused("The token was not issued for a worker of this job.");
    }
}
