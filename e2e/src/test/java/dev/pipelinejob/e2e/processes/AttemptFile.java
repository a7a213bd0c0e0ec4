package dev.pipelinejob.e2e.processes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What an attempt was claimed with: written once, so no test can look too late.
///
/// @param resumeStep where it began; 0 = from the seed
@JsonIgnoreProperties(ignoreUnknown = true)
public record AttemptFile(int attempt, int resumeStep, List<Seat> seats) {
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Seat(int rank, int slot, int incarnation, long enginePid) {}

    static Path of(Path directory, int attempt) {
        return directory.resolve("attempts/attempt-" + attempt + ".json");
    }

    public static AttemptFile read(Path directory, int attempt) throws IOException {
        return JsonMapper.builder().build().readValue(Files.readAllBytes(of(directory, attempt)), AttemptFile.class);
    }

    /// Engine processes by slot.
    SortedMap<Integer, Long> engines() {
        TreeMap<Integer, Long> engines = new TreeMap<>();
        seats.forEach(seat -> engines.put(seat.slot(), seat.enginePid()));
        return engines;
    }

    int slotOf(int rank) {
        return seats.stream()
                .filter(seat -> seat.rank() == rank)
                .findFirst()
                .orElseThrow()
                .slot();
    }
}
