package dev.pipelinejob.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeftoverPolicyTest {
    private static final Instant LIMIT = Scene.NOW.plusSeconds(20);

    private static Scene leftover() {
        return Scene.training().leftovers(List.of(new Leftover(1, 1, "b", Scene.NOW)));
    }

    @Test
    void whatDoesNotEndOnALostNodeIsRemovedByForceAfterAWhile() {
        Scene scene = leftover().lostNodes(List.of(new LostNode("b", "unreachable")));

        assertThat(scene.decide(LIMIT.minusMillis(1)).decisions())
                .containsExactly(new Decision.WaitUntil(LIMIT, "the end of a worker on the lost node b"));
        assertThat(scene.decide(LIMIT).decisions())
                .contains(new Decision.ForceDelete(1, 1, "node b is lost and has not confirmed its end for 20 s"));
    }

    @Test
    void whatEndsSlowlyOnASoundNodeIsLeftAlone() {
        assertThat(leftover().decide(LIMIT).decisions()).noneMatch(Decision.ForceDelete.class::isInstance);
    }
}
