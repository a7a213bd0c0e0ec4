package dev.pipelinejob.operator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pipelinejob.api.DefinitionFiles;
import dev.pipelinejob.api.v1alpha1.InterconnectTopology;
import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.operator.admission.YamlReader.Document;
import dev.pipelinejob.operator.admission.YamlReader.Unreadable;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lets resources of one kind in, or says why not.
///
/// @param <T> the resource's class
public final class Admission<T extends HasMetadata> {
    /// The largest file that is read; the API server takes little more.
    private static final int MAX_FILE_BYTES = 1 << 20;
    /// More sentences than these help nobody.
    private static final int MAX_SENTENCES = 10;

    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    private final Class<T> type;
    private final Definition definition;
    private final RuleCheck rules;

    private Admission(Class<T> type, String definitionFile) {
        this.type = type;
        this.definition = Definition.read(definitionFile);
        this.rules = new RuleCheck(definition.schema());
    }

    /// Admission for jobs.
    public static Admission<PipelineJob> ofJobs() {
        return new Admission<>(PipelineJob.class, DefinitionFiles.PIPELINE_JOB);
    }

    /// Admission for topologies.
    public static Admission<InterconnectTopology> ofTopologies() {
        return new Admission<>(InterconnectTopology.class, DefinitionFiles.INTERCONNECT_TOPOLOGY);
    }

    /// Judges a new resource in a file.
    public Verdict<T> admit(Path file) {
        return admit(file, null);
    }

    /// Judges a file that replaces an admitted resource: some fields never change.
    ///
    /// @param before the resource as it was admitted, or null when there was none
    public Verdict<T> admit(Path file, @Nullable T before) {
        try {
            if (Files.isDirectory(file)) {
                return refuse(file + " is a folder: name a YAML file with a " + definition.kind() + ".");
            }
            if (Files.size(file) > MAX_FILE_BYTES) {
                return refuse(file + " has " + Files.size(file) + " bytes and a resource at most " + MAX_FILE_BYTES
                        + ": name the YAML file with the " + definition.kind() + ".");
            }
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            return admit(
                    file.toString(),
                    StandardCharsets.UTF_8.newDecoder().decode(bytes).toString(),
                    before);
        } catch (NoSuchFileException _) {
            return refuse(file + " does not exist: name a YAML file with a " + definition.kind() + ".");
        } catch (CharacterCodingException _) {
            return refuse(file + " is not UTF-8 text: name a YAML file with a " + definition.kind() + ".");
        } catch (IOException e) {
            return refuse(file + " cannot be read (" + e.getClass().getSimpleName() + "): check its permissions.");
        }
    }

    /// Judges a resource in a text.
    ///
    /// @param name what messages call the text, such as the file's name
    /// @param before the resource as it was admitted, or null when there was none
    public Verdict<T> admit(String name, String text, @Nullable T before) {
        return switch (YamlReader.read(text)) {
            case Unreadable unreadable -> refuse(ended(where(name, unreadable.line()) + " " + unreadable.text()));
            case Document document -> admit(name, document, before);
        };
    }

    /// The text of an admitted resource, which is admitted again.
    public String text(T resource) {
        return SERIALIZATION.asYaml(tree(resource));
    }

    private Verdict<T> admit(String name, Document document, @Nullable T before) {
        ObjectNode resource = document.tree();
        List<Finding> findings = new ArrayList<>(Envelope.check(definition, resource));
        if (findings.isEmpty()) {
            findings.addAll(content(resource, before == null ? null : tree(before)));
        }
        if (findings.isEmpty()) {
            return new Verdict.Admitted<>(SERIALIZATION.convertValue(resource, type));
        }
        return new Verdict.Refused<>(findings.stream()
                .limit(MAX_SENTENCES)
                .map(finding -> sentence(name, document.lines(), finding))
                .toList());
    }

    private JsonNode tree(T resource) {
        JsonNode tree = SERIALIZATION.convertValue(resource, JsonNode.class);
        Defaults.fill(definition.schema(), tree);
        return tree;
    }

    private List<Finding> content(ObjectNode resource, @Nullable JsonNode before) {
        Defaults.fill(definition.schema(), resource);
        ObjectNode judged = resource.deepCopy();
        judged.remove(List.of("apiVersion", "kind", "metadata"));
        List<Finding> findings = new ArrayList<>(SchemaCheck.check(definition.schema(), judged, ""));
        if (findings.stream().noneMatch(Finding::blocking)) {
            findings.addAll(rules.check(resource, before, findings.isEmpty()));
        }
        return findings;
    }

    private static String sentence(String name, Map<String, Integer> lines, Finding finding) {
        int line = lines.getOrDefault(finding.path(), 0);
        String field = finding.path().isEmpty() ? "" : finding.path() + " ";
        return ended(where(name, line) + ": " + field + finding.text());
    }

    private static String ended(String sentence) {
        return sentence.endsWith(".") || sentence.endsWith("?") ? sentence : sentence + ".";
    }

    private static String where(String name, int line) {
        return line == 0 ? name : name + " line " + line;
    }

    private Verdict<T> refuse(String sentence) {
        return new Verdict.Refused<>(List.of(sentence));
    }
}
