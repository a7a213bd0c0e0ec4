package dev.pipelinejob.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The committed custom resource definitions, as files on the class path.
public final class DefinitionFiles {
    /// The definition of PipelineJob.
    public static final String PIPELINE_JOB = "pipelinejobs.pipelinejob.dev.yaml";
    /// The definition of InterconnectTopology.
    public static final String INTERCONNECT_TOPOLOGY = "interconnecttopologies.pipelinejob.dev.yaml";

    private DefinitionFiles() {}

    /// The text of one definition.
    ///
    /// @param file one of the names above
    public static String read(String file) {
        try (InputStream in = DefinitionFiles.class.getResourceAsStream("definitions/" + file)) {
            if (in == null) {
                throw new IllegalArgumentException("No definition " + file + " on the class path.");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
