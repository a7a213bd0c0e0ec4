package dev.pipelinejob.worker.supervisor;

import dev.pipelinejob.protocol.control.Prepare;
import dev.pipelinejob.protocol.plan.Peer;
import dev.pipelinejob.protocol.plan.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells other programs in the pod who this worker is in the present attempt, in the words that launchers of training
/// use: a file of variables, replaced as a whole at each `Prepare`. A process's own environment cannot say it, because
/// engines are started before anybody knows their rank, and keep running when it changes.
final class RankFile {
    private static final Logger LOG = LoggerFactory.getLogger(RankFile.class);
    /// What PyTorch takes when nobody says otherwise; nothing of ours listens there.
    private static final String MASTER_PORT = "29500";

    private final Optional<Path> file;

    /// @param file empty = nobody wants to know
    RankFile(Optional<Path> file) {
        this.file = file;
    }

    /// Replaces what was said of an earlier attempt. That it cannot be written is no reason not to train.
    void tell(Prepare request) {
        LOG.atInfo()
                .addKeyValue("attempt", request.getAttempt())
                .addKeyValue("rank", request.getRank())
                .addKeyValue("of", request.getPlan().getWorldSize())
                .addKeyValue("stages", stages(request))
                .log("This worker has a place in an attempt.");
        if (file.isEmpty()) {
            return;
        }
        String text = variables(request).entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue() + "\n")
                .collect(Collectors.joining());
        Path target = file.get();
        try {
            Path next = target.resolveSibling(target.getFileName() + ".next");
            Files.writeString(next, text);
            Files.move(next, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("file", target)
                    .addKeyValue("detail", e.getMessage())
                    .log("This worker's rank could not be written down.");
        }
    }

    /// Plain words and numbers: nothing in them needs quotes.
    static Map<String, String> variables(Prepare request) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("RANK", Integer.toString(request.getRank()));
        variables.put("WORLD_SIZE", Integer.toString(request.getPlan().getWorldSize()));
        variables.put("LOCAL_RANK", "0");
        variables.put("LOCAL_WORLD_SIZE", "1");
        request.getPeersList().stream()
                .filter(peer -> peer.getRank() == 0)
                .findFirst()
                .ifPresent(root -> {
                    variables.put("MASTER_ADDR", host(root));
                    variables.put("MASTER_PORT", MASTER_PORT);
                });
        variables.put("PIPELINEJOB_ATTEMPT", Integer.toString(request.getAttempt()));
        variables.put("PIPELINEJOB_RESUME_STEP", Integer.toString(request.getResumeStep()));
        variables.put("PIPELINEJOB_STAGES", stages(request));
        return variables;
    }

    private static String host(Peer peer) {
        return peer.getAddress().substring(0, Math.max(0, peer.getAddress().lastIndexOf(':')));
    }

    private static String stages(Prepare request) {
        return request.getPlan().getStagesList().stream()
                .filter(stage -> stage.getRank() == request.getRank())
                .map(Stage::getIndex)
                .map(String::valueOf)
                .collect(Collectors.joining(","));
    }
}
