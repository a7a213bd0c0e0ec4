package dev.pipelinejob.operator.controller;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Hands a test class a cluster of its own, starts one operator before each test and takes away what the test leaves.
/// The class has one instance for all its tests and takes the [OperatorFixture] in its constructor.
final class OneOperator implements ParameterResolver, BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(OneOperator.class);

    private final int nodes;

    private OneOperator(int nodes) {
        this.nodes = nodes;
    }

    /// On so many nodes.
    static OneOperator on(int nodes) {
        return new OneOperator(nodes);
    }

    /// @param folder of the nodes' file systems; removed when the class is over
    private record Running(OperatorFixture operators, Path folder) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            operators.close();
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == OperatorFixture.class;
    }

    @Override
    public OperatorFixture resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return running(context).operators();
    }

    private Running running(ExtensionContext context) {
        return context.getStore(OURS).computeIfAbsent(Running.class, _ -> start(), Running.class);
    }

    private Running start() {
        try {
            Path folder = Files.createTempDirectory("nodes");
            return new Running(OperatorFixture.start(folder, nodes), folder);
        } catch (Exception e) {
            // The edge of a test: whatever keeps the cluster from starting fails the class.
            throw new AssertionError(e);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        running(context).operators().startOperator();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        running(context).operators().clear();
    }
}
