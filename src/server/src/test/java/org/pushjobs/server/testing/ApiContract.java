package org.pushjobs.server.testing;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import io.vertx.openapi.contract.MediaType;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import io.vertx.openapi.contract.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.pushjobs.server.Server;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The server's openapi.yaml. Test clients hold every answer against it, so that it cannot say something else than the
 * server does. Immutable, usable from any thread.
 */
public final class ApiContract {
    private static final String JSON = "application/json";
    private static final String EVENT_STREAM = "text/event-stream";
    private static final String YAML = "application/yaml";
    /** Stands in for the media types that the library does not know. */
    private static final String PLAIN_TEXT = "text/plain";
    /** What may be answered where the contract has no operation. */
    private static final Set<Integer> NO_OPERATION = Set.of(400, 404, 405, 414, 431);

    private final JsonObject document;
    private final OpenAPIContract contract;

    private ApiContract(JsonObject document, OpenAPIContract contract) {
        this.document = document;
        this.contract = contract;
    }

    /** The one of the server under test; it must be valid OpenAPI. */
    public static ApiContract get() {
        return Holder.CONTRACT;
    }

    private static final class Holder {
        private static final ApiContract CONTRACT = load();
    }

    private static ApiContract load() {
        Vertx vertx = Vertx.vertx();
        try (InputStream yaml = Server.class.getResourceAsStream("/openapi.yaml")) {
            Map<String, Object> content = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
            JsonObject document = new JsonObject(Json.encode(content));
            JsonObject understood = new JsonObject(document.encode()
                    .replace("\"" + EVENT_STREAM + "\":", "\"" + PLAIN_TEXT + "\":")
                    .replace("\"" + YAML + "\":", "\"" + PLAIN_TEXT + "\":"));
            // the library knows neither relative servers nor variables in them
            understood.remove("servers");
            return new ApiContract(document, Await.result(OpenAPIContract.from(vertx, understood)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            close(vertx);
        }
    }

    private static void close(Vertx vertx) {
        try {
            vertx.close().await(10, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("Vert.x does not stop", e);
        }
    }

    /** All operations as {@code METHOD path}, the names of path parameters left out: {@code GET /jobs/{}}. */
    public Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        for (Operation operation : contract.operations()) {
            operations.add(operation.getHttpMethod().name() + " "
                    + operation.getOpenAPIPath().replaceAll("\\{[^}]*}", "{}"));
        }
        return operations;
    }

    /** The whole document. */
    public JsonObject document() {
        return document.copy();
    }

    /**
     * Fails unless the data of an event is what the contract has for it.
     *
     * @param path that the feed was asked for with, of a job or an organisation
     */
    public void checkEvent(String path, String event, JsonObject data) {
        String name = Pattern.compile("_(.)")
                .matcher(event.substring(0, 1).toUpperCase(Locale.ROOT) + event.substring(1))
                .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
        boolean ofJob = path.contains("/");
        String schema = (ofJob || event.equals("start_of_history") ? "" : "Organisation") + name + "Event";
        violation(schema, data).ifPresent(wrong -> {
            throw new AssertionError(
                    "openapi.yaml does not have this event " + event + ": " + wrong + "\n" + data.encode());
        });
    }

    /** What is wrong with a value as one of the schemas that the contract has names for, if anything. */
    public Optional<String> violation(String schema, Object value) {
        JsonObject schemas = document().getJsonObject("components").getJsonObject("schemas");
        if (!schemas.containsKey(schema)) {
            return Optional.of("there is no schema " + schema);
        }
        JsonObject whole = new JsonObject()
                .put("$schema", Draft.DRAFT202012.getIdentifier())
                .put("$ref", "#/$defs/" + schema)
                .put("$defs", new JsonObject(schemas.encode().replace("#/components/schemas/", "#/$defs/")));
        OutputUnit result = Validator.create(
                        JsonSchema.of(whole),
                        new JsonSchemaOptions().setBaseUri("app://openapi").setDraft(Draft.DRAFT202012))
                .validate(value);
        return result.getValid()
                ? Optional.empty()
                : Optional.of(result.toJson().encode());
    }

    /**
     * Fails unless the answer is one that the contract has for the request.
     *
     * @param answer whose request was the given one
     */
    public <T extends HttpResponse<byte[]>> T check(T answer, byte[] requestBody) {
        String method = answer.request().method();
        URI uri = answer.request().uri();
        String violation = violation(
                        method,
                        uri.getRawPath(),
                        requestBody,
                        answer.statusCode(),
                        answer.headers(),
                        Buffer.buffer(answer.body()))
                .orElse("");
        if (!violation.isEmpty()) {
            throw new AssertionError("openapi.yaml does not have this answer of " + method + " " + uri + ": "
                    + violation
                    + "\n" + answer.statusCode() + " " + answer.headers().map() + "\n"
                    + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return answer;
    }

    /** What is wrong, if anything. */
    Optional<String> violation(
            String method, String rawPath, byte[] requestBody, int status, HttpHeaders headers, Buffer body) {
        Optional<Operation> operation = operation(method, rawPath);
        if (operation.isEmpty()) {
            return NO_OPERATION.contains(status) ? Optional.empty() : Optional.of("there is no such operation");
        }
        Response response = operation.get().getResponse(status);
        if (response == null) {
            return Optional.of("there is no such status");
        }
        return wrongHeader(response, headers)
                .or(() -> wrongBody(response, headers, body))
                .or(() -> status == 201 ? wrongRequest(operation.get(), requestBody) : Optional.empty());
    }

    private Optional<Operation> operation(String method, String rawPath) {
        String path = rawPath.replaceAll("/+", "/").replaceAll("(.)/$", "$1");
        return Optional.ofNullable(contract.findOperation(path, HttpMethod.valueOf(method)));
    }

    private Optional<String> wrongHeader(Response response, HttpHeaders headers) {
        for (Parameter header : response.getHeaders()) {
            Optional<String> value = headers.firstValue(header.getName());
            if (value.isEmpty() && header.isRequired()) {
                return Optional.of("the header " + header.getName() + " is missing");
            }
            Optional<String> wrong = value.flatMap(text -> mismatch(header.getSchema(), text));
            if (wrong.isPresent()) {
                return wrong.map(error -> header.getName() + ": " + error);
            }
        }
        return Optional.empty();
    }

    private Optional<String> wrongBody(Response response, HttpHeaders headers, Buffer body) {
        String contentType = headers.firstValue("Content-Type").orElse("");
        if (response.getContent().isEmpty() && body.length() == 0) {
            return Optional.empty();
        }
        boolean isUnknown = contentType.equals(EVENT_STREAM) || contentType.equals(YAML);
        MediaType mediaType = response.getContent().get(isUnknown ? PLAIN_TEXT : contentType);
        if (mediaType == null) {
            return Optional.of(
                    "the content type must be one of " + response.getContent().keySet());
        }
        return contentType.equals(JSON) ? mismatch(mediaType.getSchema(), Json.decodeValue(body)) : Optional.empty();
    }

    /** What the server took must be what the contract lets clients send. */
    private Optional<String> wrongRequest(Operation operation, byte[] body) {
        JsonSchema schema = operation.getRequestBody().getContent().get(JSON).getSchema();
        return mismatch(schema, Json.decodeValue(Buffer.buffer(body))).map(error -> "request body: " + error);
    }

    private Optional<String> mismatch(JsonSchema schema, Object value) {
        OutputUnit result = contract.getSchemaRepository().validator(schema).validate(value);
        return result.getValid()
                ? Optional.empty()
                : Optional.of(result.toJson().encode());
    }
}
