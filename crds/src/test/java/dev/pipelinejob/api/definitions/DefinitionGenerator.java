package dev.pipelinejob.api.definitions;

import dev.pipelinejob.api.v1alpha1.InterconnectTopology;
import dev.pipelinejob.api.v1alpha1.PipelineJob;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Makes the custom resource definitions from the records.
final class DefinitionGenerator {
    private DefinitionGenerator() {}

    /// Every definition of ours, by name.
    static List<CustomResourceDefinition> generate() {
        List<CustomResourceDefinition> definitions = new ArrayList<>();
        new CRDGenerator()
                .customResourceClasses(PipelineJob.class, InterconnectTopology.class)
                .forCRDVersions("v1")
                .withPostProcessor(new Collector(definitions))
                .withOutput(new Nowhere())
                .detailedGenerate();
        definitions.sort(Comparator.comparing(
                (HasMetadata definition) -> definition.getMetadata().getName()));
        return List.copyOf(definitions);
    }

    private record Collector(List<CustomResourceDefinition> definitions) implements CRDPostProcessor {
        @Override
        public HasMetadata process(HasMetadata definition, String version) {
            CustomResourceDefinition finished = SchemaFinish.finish((CustomResourceDefinition) definition);
            definitions.add(finished);
            return finished;
        }
    }

    /// The generator insists on writing somewhere.
    private static final class Nowhere implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
        @Override
        public ByteArrayOutputStream outputFor(String name) {
            return new ByteArrayOutputStream();
        }

        @Override
        public URI crdURI(String name) {
            return URI.create("file:/nowhere/" + name);
        }

        @Override
        public void close() {}
    }
}
