package dev.pipelinejob.worker.checkpoint;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Removes what no attempt will need again. A step's manifest goes first, so that a crash in between leaves a partial
/// step and never a checkpoint with a missing part.
///
/// @param mayChange asked before every removal: the lease holds and no newer attempt has begun
record StoreCollection(CheckpointReader reader, StoreLayout layout, StoreFiles files, Permission mayChange) {

    /// Whether the store may be changed now.
    interface Permission {
        boolean holds() throws IOException;
    }

    /// Answers the committed steps that were removed, oldest first.
    ///
    /// @param committed newest first
    List<Integer> collect(int attempt, int keepLast, List<Manifest> committed) throws IOException {
        Set<Integer> kept = new HashSet<>(layout.resumeSteps(attempt));
        committed.stream().filter(Manifest::finished).map(Manifest::step).forEach(kept::add);
        keepNewest(Math.max(keepLast, 1), committed, kept);
        List<Integer> removed = new ArrayList<>();
        for (Manifest old : committed.reversed()) {
            if (!kept.contains(old.step()) && mayChange.holds()) {
                files.delete(layout.manifest(old.step()));
                files.syncFolder(layout.step(old.step()));
                removed.add(old.step());
            }
        }
        int newest = committed.isEmpty() ? 0 : committed.getFirst().step();
        for (int step : layout.steps()) {
            boolean past = step < newest;
            removeLeftovers(step, past ? attempt : attempt - 1, past);
        }
        return removed;
    }

    /// Removes what attempts up to `attempt` left half done below a step.
    void clearBelow(int step, int attempt) throws IOException {
        for (int past : layout.steps()) {
            if (past < step) {
                removeLeftovers(past, attempt, true);
            }
        }
    }

    /// Keeps the newest steps until as many are among them as are wanted of those whose parts are all there: what
    /// cannot be resumed from does not take the place of what can.
    private void keepNewest(int wanted, List<Manifest> committed, Set<Integer> kept) throws IOException {
        int whole = 0;
        for (Manifest manifest : committed) {
            if (whole == wanted) {
                return;
            }
            kept.add(manifest.step());
            whole += isWhole(manifest) ? 1 : 0;
        }
    }

    private boolean isWhole(Manifest manifest) throws IOException {
        for (Part part : manifest.parts()) {
            Path file = layout.step(manifest.step()).resolve(part.file());
            if (!Files.exists(file) || Files.size(file) != part.bytes()) {
                return false;
            }
        }
        return true;
    }

    /// Removes the folders of attempts up to `newestStale` that no manifest of the step names. A damaged manifest may
    /// name any of them, so nothing of its step is touched.
    private void removeLeftovers(int step, int newestStale, boolean past) throws IOException {
        boolean committed = Files.exists(layout.manifest(step));
        Manifest manifest = committed ? reader.soundManifest(step) : null;
        if (committed && manifest == null) {
            return;
        }
        for (int stale : layout.attemptsIn(step)) {
            boolean named = manifest != null && manifest.attempt() == stale;
            if (stale <= newestStale && !named && mayChange.holds()) {
                for (Path file : layout.filesIn(step, stale)) {
                    files.delete(file);
                }
                removeFolder(layout.attempt(step, stale));
            }
        }
        if (!committed && past && mayChange.holds()) {
            files.delete(layout.step(step).resolve(StoreLayout.SET_ASIDE));
            removeFolder(layout.step(step));
        }
    }

    /// A folder that holds something foreign stays.
    void removeFolder(Path folder) throws IOException {
        try {
            files.delete(folder);
        } catch (DirectoryNotEmptyException foreign) {
            return;
        }
    }
}
