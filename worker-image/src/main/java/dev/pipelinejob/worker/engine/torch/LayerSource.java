package dev.pipelinejob.worker.engine.torch;

import dev.pipelinejob.worker.engine.EngineSpec.ModelSpec;
import dev.pipelinejob.worker.engine.EngineSpec.ModelSpec.Gpt;
import dev.pipelinejob.worker.engine.EngineSpec.ModelSpec.Mlp;
import dev.pipelinejob.worker.engine.catalogue.LayerShape;

/// The TorchScript source of each layer of the catalogue. A dropout mask is an argument, so a layer computes the same
/// whenever it gets the same arguments.
final class LayerSource {
    /// Mean cross entropy over all predicted tokens.
    static final String LOSS = """
            def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
                return torch.cross_entropy_loss(logits.flatten(0, -2), targets.flatten().long())
            """;

    private LayerSource() {}

    static String of(ModelSpec model, LayerShape layer) {
        boolean dropout = !layer.maskShapes().isEmpty();
        return switch (model) {
            case Gpt gpt ->
                switch (layer.kind()) {
                    case EMBEDDING -> dropout ? EMBEDDING_DROPOUT : EMBEDDING;
                    case BLOCK -> block(gpt, dropout);
                    case GPT_HEAD -> gptHead(gpt, layer);
                    default -> throw new IllegalArgumentException("A gpt has no layer of kind " + layer.kind() + ".");
                };
            case Mlp _ ->
                switch (layer.kind()) {
                    case WINDOW_EMBEDDING -> WINDOW_EMBEDDING;
                    case HIDDEN -> dropout ? HIDDEN_DROPOUT : HIDDEN;
                    case MLP_HEAD -> MLP_HEAD;
                    default -> throw new IllegalArgumentException("An mlp has no layer of kind " + layer.kind() + ".");
                };
        };
    }

    private static final String EMBEDDING = """
            def forward(self, tokens: Tensor) -> Tensor:
                return torch.embedding(self.token_weight, tokens).add_(self.position_weight)
            """;

    private static final String EMBEDDING_DROPOUT = """
            def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
                return torch.mul(torch.embedding(self.token_weight, tokens).add_(self.position_weight), mask)
            """;

    private static final String WINDOW_EMBEDDING = """
            def forward(self, tokens: Tensor) -> Tensor:
                return torch.embedding(self.token_weight, tokens).flatten(1)
            """;

    private static final String HIDDEN = """
            def forward(self, x: Tensor) -> Tensor:
                return torch.gelu(torch.linear(x, self.linear_weight, self.linear_bias))
            """;

    private static final String HIDDEN_DROPOUT = """
            def forward(self, x: Tensor, mask: Tensor) -> Tensor:
                return torch.mul(torch.gelu(torch.linear(x, self.linear_weight, self.linear_bias)), mask)
            """;

    private static final String MLP_HEAD = """
            def forward(self, x: Tensor) -> Tensor:
                return torch.linear(x, self.unembedding_weight, self.unembedding_bias)
            """;

    private static String gptHead(Gpt gpt, LayerShape layer) {
        return """
                def forward(self, x: Tensor) -> Tensor:
                    normed = torch.layer_norm(x, [WIDTH], self.norm_weight, self.norm_bias, 1e-5)
                    return torch.linear(normed, self.UNEMBEDDING)
                """.replace("WIDTH", Integer.toString(gpt.width()))
                .replace("UNEMBEDDING", layer.parameters().getLast().attribute());
    }

    /// Attention without dropout is one fused operation, which never holds the weights of all pairs of tokens.
    private static String block(Gpt gpt, boolean dropout) {
        String masks = dropout ? ", attention_mask: Tensor, projection_mask: Tensor, feed_forward_mask: Tensor" : "";
        return """
                def forward(self, x: TensorMASKS) -> Tensor:
                    normed = torch.layer_norm(x, [WIDTH], self.attention_norm_weight, self.attention_norm_bias, 1e-5)
                    packed = torch.linear(normed, self.attention_query_key_value_weight, self.attention_query_key_value_bias)
                    query, key, value = packed.view([-1, LENGTH, 3, HEADS, HEAD_WIDTH]).permute([2, 0, 3, 1, 4]).unbind(0)
                ATTENTION
                    attended = mixed.transpose(1, 2).reshape([-1, LENGTH, WIDTH])
                    projected = torch.linear(attended, self.attention_projection_weight, self.attention_projection_bias)
                    middle = PROJECTED
                    normed2 = torch.layer_norm(middle, [WIDTH], self.feed_forward_norm_weight, self.feed_forward_norm_bias, 1e-5)
                    wide = torch.gelu(torch.linear(normed2, self.feed_forward_expand_weight, self.feed_forward_expand_bias))
                    narrow = torch.linear(wide, self.feed_forward_contract_weight, self.feed_forward_contract_bias)
                    return NARROW
                """.replace("ATTENTION\n", dropout ? ATTENTION_DROPOUT : ATTENTION)
                .replace("MASKS", masks)
                .replace("PROJECTED", dropout ? "torch.addcmul(x, projected, projection_mask)" : "x + projected")
                .replace("NARROW", dropout ? "torch.addcmul(middle, narrow, feed_forward_mask)" : "middle + narrow")
                .replace("HEAD_WIDTH", Integer.toString(gpt.width() / gpt.heads()))
                .replace("SCALE", Double.toString(1 / Math.sqrt((double) gpt.width() / gpt.heads())))
                .replace("HEADS", Integer.toString(gpt.heads()))
                .replace("WIDTH", Integer.toString(gpt.width()))
                .replace("LENGTH", Integer.toString(gpt.contextLength()));
    }

    private static final String ATTENTION =
            "    mixed = torch.scaled_dot_product_attention(query, key, value, None, 0.0, True)\n";

    private static final String ATTENTION_DROPOUT = """
                queries = query.reshape([-1, LENGTH, HEAD_WIDTH])
                keys = key.reshape([-1, LENGTH, HEAD_WIDTH]).transpose(1, 2)
                scores = torch.baddbmm(self.causal, queries, keys, beta=1, alpha=SCALE)
                weights = torch.mul(torch.softmax(scores, -1), attention_mask.view([-1, LENGTH, LENGTH]))
                values = value.reshape([-1, LENGTH, HEAD_WIDTH])
                mixed = torch.bmm(weights, values).view([-1, HEADS, LENGTH, HEAD_WIDTH])
            """;
}
