package dev.pipelinejob.api.v1alpha1;

import dev.pipelinejob.api.ApiNames;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import java.io.Serial;

/// How the machines of a cluster are connected, and what their devices can do.
@Group(ApiNames.GROUP)
@Version(ApiNames.V1ALPHA1)
@Plural("interconnecttopologies")
@AdditionalPrinterColumn(name = "LEVELS", jsonPath = ".status.shape", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "NODES", jsonPath = ".status.nodes", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "READY",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "AGE",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public class InterconnectTopology extends CustomResource<InterconnectTopologySpec, InterconnectTopologyStatus> {
    @Serial
    private static final long serialVersionUID = 1;
}
