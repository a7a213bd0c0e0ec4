package dev.pipelinejob.operator.apply;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.List;

/// What the operator reads of pods and nodes, of which there are thousands: the rest of each, such as volumes,
/// probes and images, is passed over as it arrives and never takes room. Whatever somebody here asks a pod or a node
/// for has to be named here. The template in a job is read whole, and what is written is written whole.
final class Excerpts {
    private Excerpts() {}

    static ObjectMapper of(ObjectMapper mapper) {
        return mapper.addMixIn(ObjectMeta.class, OfAny.class)
                .addMixIn(Pod.class, OfPod.class)
                .addMixIn(PodStatus.class, OfPodStatus.class)
                .addMixIn(NodeStatus.class, OfNodeStatus.class);
    }

    /// Who wrote which field: as long as the rest.
    @JsonIgnoreProperties("managedFields")
    private interface OfAny {}

    @SuppressWarnings("UnusedMethod") // Jackson reads it.
    private interface OfPod {
        @JsonDeserialize(as = Spec.class)
        void setSpec(PodSpec spec);
    }

    @JsonIncludeProperties({"phase", "reason", "message", "conditions", "containerStatuses"})
    private interface OfPodStatus {}

    @JsonIncludeProperties({"allocatable", "conditions"})
    private interface OfNodeStatus {}

    /// Where a pod is or is held to, and what it asks for.
    @JsonDeserialize(using = JsonDeserializer.None.class)
    @JsonIncludeProperties({"nodeName", "affinity", "containers", "initContainers", "overhead"})
    static final class Spec extends PodSpec {
        private static final long serialVersionUID = 1;

        @Override
        @JsonDeserialize(contentAs = Part.class)
        public void setContainers(List<Container> containers) {
            super.setContainers(containers);
        }

        @Override
        @JsonDeserialize(contentAs = Part.class)
        public void setInitContainers(List<Container> containers) {
            super.setInitContainers(containers);
        }
    }

    /// A container of a pod.
    @JsonDeserialize(using = JsonDeserializer.None.class)
    @JsonIncludeProperties({"name", "resources", "restartPolicy"})
    static final class Part extends Container {
        private static final long serialVersionUID = 1;
    }
}
