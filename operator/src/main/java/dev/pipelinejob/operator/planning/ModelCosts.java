package dev.pipelinejob.operator.planning;

import dev.pipelinejob.api.v1alpha1.Model;
import dev.pipelinejob.api.v1alpha1.PipelineJobSpec;
import dev.pipelinejob.placement.cost.CatalogueCosts;
import dev.pipelinejob.placement.cost.CatalogueModel;
import dev.pipelinejob.placement.graph.ModelGraph;

/// The spec's model as the planner's layer graph, with estimated costs.
public final class ModelCosts {
    private ModelCosts() {}

    /// The graph of one micro-batch of the job.
    public static ModelGraph estimated(PipelineJobSpec spec) {
        int microBatchSize = spec.training().batchSize() / spec.training().microBatches();
        return CatalogueCosts.graph(
                catalogueModel(spec.model()), microBatchSize, CatalogueCosts.CPU_CORE_FLOPS_PER_SECOND);
    }

    /// Embedding, the model's layers, head.
    static int layerCount(Model model) {
        return 2
                + switch (catalogueModel(model)) {
                    case CatalogueModel.Gpt gpt -> gpt.layers();
                    case CatalogueModel.Mlp mlp -> mlp.layers();
                };
    }

    private static CatalogueModel catalogueModel(Model model) {
        Model.Gpt gpt = model.catalogue().gpt();
        if (gpt != null) {
            return new CatalogueModel.Gpt(
                    gpt.layers(),
                    gpt.width(),
                    gpt.heads(),
                    gpt.contextLength(),
                    gpt.vocabularySize(),
                    gpt.tieEmbeddings());
        }
        Model.Mlp mlp = model.catalogue().mlp();
        if (mlp != null) {
            return new CatalogueModel.Mlp(mlp.layers(), mlp.width(), mlp.contextLength(), mlp.vocabularySize());
        }
        throw new IllegalArgumentException("spec.model.catalogue names no model: give it gpt or mlp.");
    }
}
