package dev.pipelinejob.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/// The model to train.
public record Model(
        @Required @JsonPropertyDescription("A model of the built-in catalogue; exactly one of its members.")
        Catalogue catalogue) {

    /// Exactly one built-in model.
    @ValidationRule(
            value = "[has(self.gpt), has(self.mlp)].filter(given, given).size() == 1",
            messageExpression = "'must hold exactly one of gpt and mlp, and not %d'.format("
                    + "[[has(self.gpt), has(self.mlp)].filter(given, given).size()])")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Catalogue(
            @JsonPropertyDescription("A GPT: token and position embedding, pre-norm transformer blocks with causal"
                    + " attention, and a head.")
            @Nullable
            Gpt gpt,

            @JsonPropertyDescription("A language model on a fixed window: embedding, hidden layers, and a head.")
            @Nullable
            Mlp mlp) {}

    /// A GPT.
    @ValidationRule(
            value = "self.width % self.heads == 0",
            fieldPath = ".heads",
            messageExpression = "'must divide width %d, such as %d, and not %d'.format([self.width,"
                    + " self.width % 4 == 0 ? 4 : self.width % 3 == 0 ? 3 : 1, self.heads])")
    public record Gpt(
            @Required @Min(1) @Max(1024) @JsonPropertyDescription("The number of transformer blocks.")
            int layers,

            @Required @Min(1) @Max(65_536) @JsonPropertyDescription("The length of each token's vector.")
            int width,

            @Required @Min(1) @Max(1024) @JsonPropertyDescription("The number of attention heads; it divides width.")
            int heads,

            @Required
            @Min(1)
            @Max(1_048_576)
            @JsonPropertyDescription("The number of tokens that a prediction may look back on.")
            int contextLength,

            @Min(256)
            @Max(1_048_576)
            @Default("256")
            @JsonPropertyDescription("The number of distinct tokens; bytes of text need 256.")
            int vocabularySize,

            @Size(max = Decimals.MAX_LENGTH)
            @Pattern(Decimals.PATTERN)
            @ValidationRule(value = Decimals.FRACTION, messageExpression = Decimals.FRACTION_MESSAGE)
            @Default("0")
            @JsonPropertyDescription("The share of activations that training sets to zero, as text such as \"0.1\".")
            String dropout,

            @Default("true")
            @JsonPropertyDescription("Whether the head uses the token embedding's weights instead of its own.")
            boolean tieEmbeddings) {}

    /// A language model on a fixed window.
    public record Mlp(
            @Required @Min(1) @Max(1024) @JsonPropertyDescription("The number of hidden layers.")
            int layers,

            @Required @Min(1) @Max(65_536) @JsonPropertyDescription("The number of units of each hidden layer.")
            int width,

            @Required
            @Min(1)
            @Max(1_048_576)
            @JsonPropertyDescription("The number of tokens in the window that predicts the next one.")
            int contextLength,

            @Min(256)
            @Max(1_048_576)
            @Default("256")
            @JsonPropertyDescription("The number of distinct tokens; bytes of text need 256.")
            int vocabularySize,

            @Size(max = Decimals.MAX_LENGTH)
            @Pattern(Decimals.PATTERN)
            @ValidationRule(value = Decimals.FRACTION, messageExpression = Decimals.FRACTION_MESSAGE)
            @Default("0")
            @JsonPropertyDescription("The share of activations that training sets to zero, as text such as \"0.1\".")
            String dropout) {}
}
