package org.pushjobs.server.management;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.pushjobs.config.ManagementConfig;
import org.pushjobs.server.metrics.JvmMetrics;
import org.pushjobs.server.metrics.ServerMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The management port (docs/operations.md): {@code /health/live}, {@code /health/ready}, the same for each role below it, and
 * {@code /metrics}, without authentication. It answers from the start of the server to its end, whatever the state of the rest.
 */
public final class ManagementVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ManagementVerticle.class);
    private static final long CHECK_TIMEOUT_MILLIS = 1_000;
    private static final int IDLE_TIMEOUT_SECONDS = 60;
    private static final String LIVE = "/health/live";
    private static final String READY = "/health/ready";
    private static final String HOLD = "hold";
    /** Less than what closes idle connections. */
    private static final int LONGEST_HOLD_MILLIS = 10_000;

    private static final String JSON = "application/json";
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    private final ManagementConfig config;
    private final ServerMetrics metrics;
    private final List<HealthCheck> checks;
    private final Map<String, RoleCheck> roles;
    private final JvmMetrics jvm;
    private volatile int actualPort;

    /**
     * @param checks what has to work for the server to be ready, in the order in which they are shown
     * @param roles of this process
     */
    public ManagementVerticle(
            ManagementConfig config, ServerMetrics metrics, List<HealthCheck> checks, List<RoleCheck> roles) {
        this.config = Objects.requireNonNull(config, "config");
        this.metrics = Objects.requireNonNull(metrics, "metrics");
        this.checks = List.copyOf(checks);
        this.roles = roles.stream().collect(Collectors.toMap(check -> READY + "/" + check.role(), check -> check));
        this.jvm = new JvmMetrics(metrics);
    }

    @Override
    public Future<?> start() {
        HttpServer server = vertx.createHttpServer(
                new HttpServerOptions().setIdleTimeout(IDLE_TIMEOUT_SECONDS).setHttp2ClearTextEnabled(false));
        return server.requestHandler(this::handle)
                .listen(config.port(), config.listenAddress())
                .onSuccess(bound -> {
                    actualPort = bound.actualPort();
                    LOG.info(
                            "management port is listening [address: {}, port: {}]", config.listenAddress(), actualPort);
                })
                .recover(failure -> Future.failedFuture(new IllegalStateException(
                        "management_port cannot be opened at " + config.listenAddress() + ":" + config.port() + ": "
                                + failure.getMessage(),
                        failure)));
    }

    @Override
    public Future<?> stop() {
        jvm.close();
        return Future.succeededFuture();
    }

    /** The port that was opened, which is not the configured one if that is 0; 0 until it is. */
    public int actualPort() {
        return actualPort;
    }

    private void handle(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            request.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
            answer(request, 405, new JsonObject().put("error", "only GET and HEAD are allowed here"));
            return;
        }
        switch (request.path()) {
            case LIVE -> answerLive(request);
            case READY -> answerReady(request);
            case "/metrics" -> answerMetrics(request);
            default ->
                Optional.ofNullable(roles.get(request.path()))
                        .ifPresentOrElse(role -> answerRole(request, role), () -> answerUnknown(request));
        }
    }

    private void answerUnknown(HttpServerRequest request) {
        String paths = Stream.concat(
                        Stream.of(LIVE, READY), roles.keySet().stream().sorted())
                .collect(Collectors.joining(", "));
        answer(request, 404, new JsonObject().put("error", "there are " + paths + " and /metrics here"));
    }

    /** With {@code hold} the answer comes so many milliseconds later: who waits for it sees at once that the process has ended. */
    private void answerLive(HttpServerRequest request) {
        String hold = Optional.ofNullable(request.getParam(HOLD)).orElse("0");
        Runnable answer = () -> answer(request, 200, new JsonObject().put("status", "live"));
        holdMillis(hold)
                .ifPresentOrElse(
                        millis -> {
                            if (millis == 0) {
                                answer.run();
                            } else {
                                vertx.setTimer(millis, _ -> answer.run());
                            }
                        },
                        () -> answer(
                                request,
                                400,
                                new JsonObject()
                                        .put(
                                                "error",
                                                HOLD + " is a number of milliseconds from 0 to " + LONGEST_HOLD_MILLIS
                                                        + ", not " + hold)));
    }

    private static OptionalInt holdMillis(String text) {
        try {
            return IntStream.of(Integer.parseInt(text))
                    .filter(millis -> millis >= 0 && millis <= LONGEST_HOLD_MILLIS)
                    .findFirst();
        } catch (NumberFormatException _) {
            return OptionalInt.empty();
        }
    }

    private void answerRole(HttpServerRequest request, RoleCheck role) {
        role.readiness()
                .get()
                .timeout(CHECK_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .otherwise(failure -> Readiness.of(Optional.of(reason(failure))))
                .onSuccess(readiness -> {
                    JsonObject body = new JsonObject().put("status", readiness.status());
                    readiness.problem().ifPresent(reason -> body.put("reason", reason));
                    answer(request, readiness.problem().isEmpty() ? 200 : 503, body);
                });
    }

    /** On a worker: the number of open files alone takes as long as there are connections. */
    private void answerMetrics(HttpServerRequest request) {
        vertx.executeBlocking(metrics::scrape)
                .onSuccess(text -> answer(request, 200, METRICS, text))
                .onFailure(failure -> {
                    LOG.error("the metrics cannot be read", failure);
                    answer(request, 500, new JsonObject().put("error", "the metrics cannot be read: " + failure));
                });
    }

    private void answerReady(HttpServerRequest request) {
        Map<HealthCheck, Future<Optional<String>>> answers = new LinkedHashMap<>();
        checks.forEach(check -> answers.put(check, problem(check)));
        Future.all(List.copyOf(answers.values())).onSuccess(_ -> {
            JsonObject parts = new JsonObject();
            answers.forEach((check, answered) -> parts.put(check.part(), part(check, answered.result())));
            boolean ready = answers.values().stream()
                    .allMatch(answered -> answered.result().isEmpty());
            answer(
                    request,
                    ready ? 200 : 503,
                    new JsonObject()
                            .put("status", ready ? "ready" : "not ready")
                            .put("parts", parts));
        });
    }

    private static Future<Optional<String>> problem(HealthCheck check) {
        return check.problem()
                .get()
                .timeout(CHECK_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .otherwise(failure -> Optional.of(reason(failure)));
    }

    private static String reason(Throwable failure) {
        return failure instanceof TimeoutException
                ? "no answer within " + CHECK_TIMEOUT_MILLIS + " ms"
                : String.valueOf(failure.getMessage());
    }

    private static JsonObject part(HealthCheck check, Optional<String> problem) {
        JsonObject part = new JsonObject().put("status", problem.isEmpty() ? "up" : "down");
        problem.ifPresent(reason -> part.put("reason", reason));
        check.details().get().forEach(part::put);
        return part;
    }

    private static void answer(HttpServerRequest request, int status, JsonObject body) {
        answer(request, status, JSON, body.encode());
    }

    private static void answer(HttpServerRequest request, int status, String mediaType, String body) {
        if (!request.response().closed()) {
            request.response()
                    .setStatusCode(status)
                    .putHeader(HttpHeaders.CONTENT_TYPE, mediaType)
                    .end(body)
                    .onFailure(failure -> LOG.debug("management answer not sent [error: {}]", failure.getMessage()));
        }
    }
}
