package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pushjobs.server.testing.ApiContract;

/** What linters of OpenAPI ask of a document besides that it is valid, which {@link ApiContract} sees to. */
class OpenApiDocumentTest {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete");
    private static final JsonObject DOCUMENT = ApiContract.get().document();
    private static final JsonObject COMPONENTS = DOCUMENT.getJsonObject("components");

    private static Stream<JsonObject> objects(JsonArray array) {
        return array.stream().map(JsonObject.class::cast);
    }

    /** @param use gets the place and the operation */
    private static void forEachOperation(BiConsumer<String, JsonObject> use) {
        JsonObject paths = DOCUMENT.getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            JsonObject item = paths.getJsonObject(path);
            for (String method : item.fieldNames()) {
                if (METHODS.contains(method)) {
                    use.accept(method + " " + path, item.getJsonObject(method));
                }
            }
        }
    }

    private static JsonObject resolved(JsonObject object) {
        return Optional.ofNullable(object.getString("$ref"))
                .map(OpenApiDocumentTest::find)
                .orElse(object);
    }

    private static JsonObject find(String reference) {
        JsonObject found = DOCUMENT;
        for (String step : reference.substring("#/".length()).split("/")) {
            assertThat(found.containsKey(step)).as(reference).isTrue();
            found = found.getJsonObject(step);
        }
        return found;
    }

    private static Set<String> references(Object value) {
        Set<String> found = new TreeSet<>();
        switch (value) {
            case JsonObject object ->
                object.forEach(member -> {
                    if (member.getKey().equals("$ref")) {
                        found.add((String) member.getValue());
                    } else {
                        found.addAll(references(member.getValue()));
                    }
                });
            case JsonArray array -> array.forEach(element -> found.addAll(references(element)));
            case null, default -> {
                // has none
            }
        }
        return found;
    }

    @Test
    void serversAreNamedAndTheirVariablesAreKnown() {
        List<JsonObject> servers = objects(DOCUMENT.getJsonArray("servers")).toList();

        assertThat(servers).hasSizeGreaterThanOrEqualTo(3).allSatisfy(server -> {
            String url = server.getString("url");
            assertThat(server.getString("description")).isNotBlank();
            assertThat(url)
                    .satisfiesAnyOf(
                            one -> assertThat(one).isEqualTo("/"),
                            one -> assertThat(one).doesNotEndWith("/"));
            Set<String> used = Pattern.compile("\\{([^}]+)}")
                    .matcher(url)
                    .results()
                    .map(found -> found.group(1))
                    .collect(Collectors.toSet());
            JsonObject variables = server.getJsonObject("variables", new JsonObject());
            assertThat(variables.fieldNames()).isEqualTo(used);
            variables.forEach(variable -> assertThat(((JsonObject) variable.getValue()).getString("default"))
                    .isNotBlank());
        });
    }

    @Test
    void operationsHaveIdsSummariesKnownTagsAndAnswersForErrors() {
        Set<String> tags = objects(DOCUMENT.getJsonArray("tags"))
                .map(tag -> tag.getString("name"))
                .collect(Collectors.toSet());
        List<String> ids = new ArrayList<>();
        forEachOperation((place, operation) -> {
            ids.add(operation.getString("operationId"));
            assertThat(operation.getString("summary")).as(place).isNotBlank();
            assertThat(operation.getJsonArray("tags")).as(place).hasSize(1).allMatch(tags::contains);
            Set<String> statuses = operation.getJsonObject("responses").fieldNames();
            assertThat(statuses).as(place).anyMatch(status -> status.startsWith("2"));
            boolean isForAnybody = new JsonArray().equals(operation.getValue("security"));
            assertThat(statuses.contains("401")).as(place).isNotEqualTo(isForAnybody);
            statuses.forEach(status -> assertThat(
                            resolved(operation.getJsonObject("responses").getJsonObject(status))
                                    .getString("description"))
                    .as(place + " " + status)
                    .isNotBlank());
        });
        assertThat(ids).doesNotContainNull().doesNotHaveDuplicates();
    }

    @Test
    void parametersOfPathsAreDescribedAndAreInThem() {
        JsonObject paths = DOCUMENT.getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            Set<String> used = Pattern.compile("\\{([^}]+)}")
                    .matcher(path)
                    .results()
                    .map(found -> found.group(1))
                    .collect(Collectors.toSet());
            Set<String> described = objects(paths.getJsonObject(path).getJsonArray("parameters", new JsonArray()))
                    .map(OpenApiDocumentTest::resolved)
                    .filter(parameter -> parameter.getString("in").equals("path"))
                    .map(parameter -> parameter.getString("name"))
                    .collect(Collectors.toSet());
            assertThat(described).as(path).isEqualTo(used);
        }
    }

    @Test
    void everyReferenceLeadsSomewhereAndEveryComponentIsUsed() {
        Set<String> references = references(DOCUMENT);

        references.forEach(OpenApiDocumentTest::find);
        for (String kind : COMPONENTS.fieldNames()) {
            if (!kind.equals("securitySchemes")) {
                for (String name : COMPONENTS.getJsonObject(kind).fieldNames()) {
                    assertThat(references).contains("#/components/" + kind + "/" + name);
                }
            }
        }
        assertThat(objects(DOCUMENT.getJsonArray("security"))
                        .flatMap(all -> all.fieldNames().stream())
                        .collect(Collectors.toSet()))
                .isEqualTo(COMPONENTS.getJsonObject("securitySchemes").fieldNames());
    }

    @Test
    void bodiesAndEventsHaveExamplesAndTheseAreValid() {
        JsonObject schemas = COMPONENTS.getJsonObject("schemas");
        Map<String, JsonArray> examples = new TreeMap<>();
        schemas.forEach(schema -> Optional.ofNullable(((JsonObject) schema.getValue()).getJsonArray("examples"))
                .ifPresent(found -> examples.put(schema.getKey(), found)));

        assertThat(bodies()).isNotEmpty().allMatch(examples::containsKey);
        assertThat(schemas.fieldNames().stream().filter(name -> name.endsWith("Event")))
                .hasSize(12)
                .allMatch(examples::containsKey);
        examples.forEach((schema, values) ->
                values.forEach(value -> assertThat(ApiContract.get().violation(schema, value))
                        .as(schema)
                        .isEmpty()));
    }

    /** The schemas of what is sent as JSON, those of arrays by their elements. */
    private static Set<String> bodies() {
        Set<String> bodies = new TreeSet<>();
        forEachOperation((_, operation) -> {
            List<JsonObject> contents = new ArrayList<>();
            Optional.ofNullable(operation.getJsonObject("requestBody")).ifPresent(contents::add);
            operation
                    .getJsonObject("responses")
                    .forEach(answer -> contents.add(resolved((JsonObject) answer.getValue())));
            contents.stream()
                    .flatMap(content -> Optional.ofNullable(content.getJsonObject("content")).stream())
                    .flatMap(content -> Optional.ofNullable(content.getJsonObject("application/json")).stream())
                    .forEach(content -> bodies.addAll(references(content)));
        });
        return bodies.stream()
                .map(reference -> reference.substring(reference.lastIndexOf('/') + 1))
                .filter(name -> COMPONENTS
                        .getJsonObject("schemas")
                        .getJsonObject(name)
                        .getString("type", "")
                        .equals("object"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
