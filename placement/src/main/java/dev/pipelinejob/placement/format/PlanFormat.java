package dev.pipelinejob.placement.format;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.ScheduleKind;
import dev.pipelinejob.placement.plan.Stage;
import java.util.ArrayList;
import java.util.List;

/// `plan.json`.
final class PlanFormat {
    private PlanFormat() {}

    static ObjectNode write(ObjectNode json, Plan plan) {
        json.put("schedule", plan.schedule().word());
        json.put("microBatches", plan.microBatches());
        json.put("rematerialize", plan.rematerialize());
        ArrayNode slots = json.putArray("slots");
        plan.slots().forEach(slots::add);
        ArrayNode stages = json.putArray("stages");
        for (Stage stage : plan.stages()) {
            stages.addObject()
                    .put("firstLayer", stage.firstLayer())
                    .put("endLayer", stage.endLayer())
                    .put("rank", stage.rank());
        }
        return json;
    }

    static Plan read(Fields json) {
        List<Stage> stages = new ArrayList<>();
        for (Fields stage : json.objects("stages")) {
            stages.add(
                    new Stage(stages.size(), stage.count("firstLayer"), stage.count("endLayer"), stage.count("rank")));
        }
        return new Plan(
                ScheduleKind.ofWord(json.text("schedule")),
                json.count("microBatches"),
                json.flag("rematerialize"),
                stages,
                json.texts("slots"));
    }
}
