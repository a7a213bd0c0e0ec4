package dev.pipelinejob.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Jobs that the cluster has no room for, now or ever, and files that it refuses: each is told why in one sentence.
@OnRequest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterRoomIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int STEPS = 200;
    private static final int EVERY_STEPS = 50;

    private Cluster cluster;

    @BeforeAll
    void install() throws Exception {
        cluster = Cluster.startWithImages();
        TrainingJob.writeCorpus(Cluster.volume("data"));
        Operator _ = Operator.install(cluster, List.of("operator.replicas=1"));
    }

    @AfterAll
    void stop() throws Exception {
        cluster.stop();
    }

    @Test
    void ofTwoJobsThatEachNeedMoreThanHalfOneWaitsWithAReasonAndBothComplete() throws Exception {
        ClusterJob first = submit(job("first-half").askingFor("1"));
        ClusterJob second = submit(job("second-half").askingFor("1"));
        String waiting = "False PlacementInfeasible";

        boolean secondWaits = Await.until(
                        "one of two jobs waits",
                        LIMIT,
                        () -> List.of(first.condition("Placed"), second.condition("Placed")),
                        seen -> seen.stream().anyMatch(placed -> placed.startsWith(waiting)))
                .getLast()
                .startsWith(waiting);

        ClusterJob waits = secondWaits ? second : first;
        assertThat(waits.condition("Placed")).contains("cpu");
        assertThat(waits.workers()).isEmpty();
        first.awaitComplete();
        second.awaitComplete();
        assertThat(first.restarts() + second.restarts()).isZero();
    }

    @Test
    void aJobThatFitsNowhereSaysWhichResourceHowManyAndWhere() throws Exception {
        ClusterJob job = submit(job("nowhere").askingFor("64"));

        String placed = Await.until(
                "the job says why it waits",
                LIMIT,
                () -> job.condition("Placed"),
                seen -> seen.startsWith("False PlacementInfeasible"));

        assertThat(placed).contains("cpu").contains("64").contains("node-1");
        assertThat(job.workers()).isEmpty();
        job.delete();
    }

    @Test
    void aClaimForOneNodeIsRefusedWhenThePlanHasTwo() throws Exception {
        String yaml =
                job("one-node").askingFor("1200m").yaml().replace("claimName: checkpoints", "claimName: one-node");
        ClusterJob job = ClusterJob.submit(cluster, "one-node", yaml);

        String placed = Await.until(
                "the job says why it waits",
                LIMIT,
                () -> job.condition("Placed"),
                seen -> seen.contains("ReadWriteOnce"));

        assertThat(placed).contains("Claim one-node is ReadWriteOnce but the plan has workers on 3 nodes");
        assertThat(job.workers()).isEmpty();
        job.delete();
    }

    @Test
    void aTopologyTellsWhatItMatchesAndAJobPlacedOnItWhichLinksItCrosses() throws Exception {
        String topology = Files.readString(Cluster.checkout().resolve("examples/topology-two-racks.yaml"));
        cluster.kubectl().apply(topology);
        String row = Await.until(
                "the topology's columns",
                LIMIT,
                () -> cluster.kubectl().run("get", "interconnecttopologies", "--no-headers"),
                seen -> seen.contains("True"));
        String yaml = job("on-racks")
                .askingFor("1200m")
                .yaml()
                .replace("  workerPools:", "  placement: {topologyRef: {name: two-racks}}\n  workerPools:");
        ClusterJob job = ClusterJob.submit(cluster, "on-racks", yaml);

        String placed =
                Await.until("the job is placed", LIMIT, () -> job.condition("Placed"), seen -> seen.startsWith("True"));

        assertThat(row).contains("two-racks", "2 rack", "3 node", "3/3");
        // One worker a node, and the tied first and last stages talk, too.
        assertThat(placed).contains("Crossings a step: rack 2 pairs (", "node 3 pairs (");
        assertThat(job.status().at("/placement/crossings/0/level").asText()).isEqualTo("rack");
        job.awaitComplete();
        job.delete();
    }

    @Test
    void everyInvalidSpecOfTheSchemasCasesIsRefusedInItsWords() throws Exception {
        Path cases = Cluster.checkout().resolve("crds/src/test/resources/cases");
        try (Stream<Path> files = Files.list(cases)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith("invalid-") && !name.startsWith("invalid-update-")) {
                    assertRefused(file);
                }
            }
        }
    }

    /// By the API server, or by kubectl itself, which has its own words for what it does not even send.
    private void assertRefused(Path file) throws IOException, InterruptedException {
        String text = Files.readString(file);
        if (text.startsWith("# kubectl takes it")) {
            return;
        }
        List<String> ownWords = words(text, "# kubectl: ");

        Program.Answer answer = cluster.kubectl().tryToApply(text);

        assertThat(answer.isDone()).as(file.toString()).isFalse();
        assertThat(answer.err())
                .as(file.toString())
                .contains(
                        ownWords.isEmpty()
                                ? Stream.concat(words(text, "# expect: ").stream(), words(text, "# server: ").stream())
                                        .toList()
                                : ownWords);
    }

    private static List<String> words(String text, String mark) {
        return text.lines()
                .filter(line -> line.startsWith(mark))
                .map(line -> line.substring(mark.length()))
                .toList();
    }

    private static TrainingJob job(String name) {
        return TrainingJob.of(name, STEPS, EVERY_STEPS);
    }

    private ClusterJob submit(TrainingJob job) throws IOException, InterruptedException {
        return ClusterJob.submit(cluster, job);
    }
}
