package dev.pipelinejob.operator.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// `/healthz`, `/readyz` and `/metrics` on one port.
public final class HealthServer implements AutoCloseable {
    private static final int OK = 200;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int UNAVAILABLE = 503;
    /// Requests that wait while others are answered.
    private static final int MAX_WAITING = 16;

    private final HttpServer server;
    private final ExecutorService executor;

    private HealthServer(HttpServer server, ExecutorService executor) {
        this.server = server;
        this.executor = executor;
    }

    /// What is asked.
    ///
    /// @param unwell what a restart may help against, a sentence each; empty when all is well
    /// @param ready whether the operator could take over now
    /// @param metrics in Prometheus' text format
    public record Answers(Supplier<List<String>> unwell, BooleanSupplier ready, Supplier<String> metrics) {}

    /// Starts it.
    ///
    /// @param port 0 takes any that is free
    public static HealthServer start(int port, Answers answers) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(port), MAX_WAITING);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(executor);
        server.createContext(
                "/healthz", exchange -> health(exchange, answers.unwell().get()));
        server.createContext("/readyz", exchange -> yesOrNo(exchange, answers.ready()));
        server.createContext(
                "/metrics", exchange -> answer(exchange, OK, answers.metrics().get()));
        server.start();
        return new HealthServer(server, executor);
    }

    private static void health(HttpExchange exchange, List<String> unwell) throws IOException {
        answer(
                exchange,
                unwell.isEmpty() ? OK : UNAVAILABLE,
                unwell.isEmpty() ? "ok\n" : String.join("\n", unwell) + "\n");
    }

    private static void yesOrNo(HttpExchange exchange, BooleanSupplier question) throws IOException {
        boolean yes = question.getAsBoolean();
        answer(exchange, yes ? OK : UNAVAILABLE, yes ? "ok\n" : "no\n");
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            boolean isGet = exchange.getRequestMethod().equals("GET");
            byte[] body = (isGet ? text : "Only GET is answered.\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(isGet ? status : METHOD_NOT_ALLOWED, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
