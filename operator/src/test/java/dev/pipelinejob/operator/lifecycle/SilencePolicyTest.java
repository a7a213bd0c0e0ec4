package dev.pipelinejob.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What silence and dead edges prove, and when. The attempt has ranks 0 and 1 on node a and b, and rank 2 on node c,
/// unless a row moves them; what a row changes happened at {@link Scene#NOW}.
class SilencePolicyTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration JUST_BEFORE = LIMIT.minusMillis(1);

    static Stream<Arguments> rows() {
        return Stream.of(
                row("silence alone", scene().slot(1, SilencePolicyTest::silent), LIMIT.multipliedBy(6), null),
                row(
                        "a silent worker that a neighbour does not reach",
                        scene().slot(0, accuses(1)).slot(1, SilencePolicyTest::silent),
                        LIMIT,
                        Cause.NODE_LOST),
                row(
                        "the same a moment before",
                        scene().slot(0, accuses(1)).slot(1, SilencePolicyTest::silent),
                        JUST_BEFORE,
                        null),
                row(
                        "the same without nodes",
                        Scene.training().slot(0, accuses(1)).slot(1, SilencePolicyTest::silent),
                        LIMIT,
                        Cause.SLOT_LOST),
                row(
                        "the same beside a worker that is heard",
                        scene().slot(0, accuses(1))
                                .slot(1, SilencePolicyTest::silent)
                                .slot(2, view -> Scene.node(view, "b")),
                        LIMIT,
                        Cause.SLOT_LOST),
                row("a dead edge between workers that are heard", scene().slot(0, accuses(1)), LIMIT, Cause.EDGE_LOST),
                row("the same a moment before", scene().slot(0, accuses(1)), JUST_BEFORE, null));
    }

    static Stream<Arguments> rowsOfLostPeers() {
        return Stream.of(
                row(
                        "a peer lost by one that is heard",
                        scene().slot(0, loses(1)),
                        AttemptPolicy.CAUSE_WAIT,
                        Cause.EDGE_LOST),
                row(
                        "a peer lost that is silent",
                        scene().slot(0, loses(1)).slot(1, SilencePolicyTest::silent),
                        JUST_BEFORE,
                        null),
                row(
                        "the same in the end",
                        scene().slot(0, loses(1)).slot(1, SilencePolicyTest::silent),
                        LIMIT,
                        Cause.NODE_LOST),
                row(
                        "a peer lost only because it lost one that is silent",
                        scene().slot(0, loses(1)).slot(1, loses(2)).slot(2, SilencePolicyTest::silent),
                        JUST_BEFORE,
                        null),
                row(
                        "a peer lost, nobody knows which, while somebody is silent",
                        scene().slot(0, Scene.failed(new Problem.PeerLost("eof")))
                                .slot(1, SilencePolicyTest::silent),
                        JUST_BEFORE,
                        null),
                row(
                        "the same in the end",
                        scene().slot(0, Scene.failed(new Problem.PeerLost("eof")))
                                .slot(1, SilencePolicyTest::silent),
                        LIMIT,
                        Cause.NODE_LOST),
                row(
                        "a peer lost while a third worker, which nobody accuses, is silent",
                        scene().slot(0, loses(1)).slot(2, SilencePolicyTest::silent),
                        AttemptPolicy.CAUSE_WAIT,
                        Cause.EDGE_LOST),
                row(
                        "a peer that has not called a new operator yet",
                        scene().slot(0, accuses(1))
                                .slot(1, view -> Scene.session(view, new Session.Awaited(Scene.NOW))),
                        LIMIT,
                        Cause.NODE_LOST));
    }

    private static Arguments row(String name, Scene scene, Duration later, @Nullable Cause cause) {
        return Arguments.of(name, scene, later, cause);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"rows", "rowsOfLostPeers"})
    void silenceProvesWhatTheTableSays(String name, Scene scene, Duration later, @Nullable Cause cause) {
        Fault open = scene.decide(Scene.NOW.plus(later)).journal().open();

        assertThat(open == null ? null : open.cause()).isEqualTo(cause);
    }

    @Test
    void aNodeIsLostWithAllItsWorkersAndAvoidedThenAlsoWithoutQuarantine() {
        Round round = scene().slot(1, SilencePolicyTest::silent)
                .slot(2, view -> Scene.node(silent(view), "b"))
                .slot(0, accuses(1))
                .job(Scene.job(Scene.withoutQuarantine(2)))
                .decide(Scene.NOW.plus(LIMIT));

        Fault open = Objects.requireNonNull(round.journal().open());
        assertThat(open.slots()).containsExactly(1, 2);
        assertThat(open.charged()).isFalse();
        assertThat(open.detail())
                .isEqualTo("Node b of slot 1 is lost: nothing was heard of it for 10 s, and slot 0 does not reach"
                        + " slot 1 either.");
        assertThat(Workers.avoided(scene().observation(), round.journal())).containsExactly("b");
    }

    @Test
    void aKilledSupervisorIsNamedOnceItsEndIsKnown() {
        Scene scene = scene().slot(0, loses(1)).slot(1, SilencePolicyTest::silent);
        Instant later = Scene.NOW.plusMillis(1_800);

        Round before = scene.decide(later);
        Presence gone = new Presence.Gone(1, 137, 9, "", false, "b", List.of(), "last words");
        Round after = scene.slot(1, view -> Scene.presence(view, gone)).decide(later);

        assertThat(before.journal().open()).isNull();
        Fault open = Objects.requireNonNull(after.journal().open());
        assertThat(open.cause()).isEqualTo(Cause.WORKER_EXITED);
        assertThat(open.exit()).isEqualTo(new ExitStatus(137, 9));
        assertThat(open.lastLog()).isEqualTo("last words");
    }

    @Test
    void aLostEdgeGivesWayToTheCauseThatIsFoundLater() {
        Round edge = scene().slot(0, loses(1)).decide(Scene.NOW.plus(AttemptPolicy.CAUSE_WAIT));

        Round later =
                scene().journal(edge.journal()).slot(1, Scene::dead).decide(Scene.NOW.plus(AttemptPolicy.CAUSE_WAIT));

        Fault open = Objects.requireNonNull(later.journal().open());
        assertThat(open.cause()).isEqualTo(Cause.ENGINE_EXITED);
        assertThat(open.slots()).containsExactly(1);
        assertThat(later.journal().chargedAt()).hasSize(1);
    }

    @Test
    void aWorkerThatTheJobWaitsForIsLostBySilenceAloneUnlessTheOperatorIsCutOff() {
        Round edge = scene().slot(0, loses(1)).decide(Scene.NOW.plus(AttemptPolicy.CAUSE_WAIT));

        Round one = scene().journal(edge.journal())
                .slot(1, SilencePolicyTest::silent)
                .decide(Scene.NOW.plus(LIMIT));
        Round two = scene().journal(edge.journal())
                .slot(1, SilencePolicyTest::silent)
                .slot(2, view -> Scene.session(view, new Session.Silent(Scene.NOW.plusSeconds(1))))
                .decide(Scene.NOW.plus(LIMIT));

        assertThat(one.journal().workers().isWorkerHandled(1, 1)).isTrue();
        assertThat(two.journal().workers().isWorkerHandled(1, 1)).isFalse();
    }

    private static SlotView silent(SlotView view) {
        return Scene.session(view, new Session.Silent(Scene.NOW));
    }

    private static Scene scene() {
        return Scene.training()
                .slot(0, view -> Scene.node(view, "a"))
                .slot(1, view -> Scene.node(view, "b"))
                .slot(2, view -> Scene.node(view, "c"));
    }

    private static UnaryOperator<SlotView> accuses(int rank) {
        return view -> Scene.edges(view, List.of(new EdgeReport(1, rank, Scene.NOW)));
    }

    /// As a worker says it: the edge first, then that it cannot go on.
    private static UnaryOperator<SlotView> loses(int rank) {
        AttemptReport report = new AttemptReport(
                1,
                "digest",
                "data",
                WorkerPhase.FAILED,
                Scene.NOW,
                12,
                Scene.LAST_STEP,
                new Problem.PeerLost("rank " + rank + " hung up"));
        return view -> Scene.reporting(accuses(rank).apply(view), report);
    }
}
