package org.pushjobs.packager;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The list of what a package is made of (CycloneDX 1.6): what Maven says of the libraries of its modules, cut down to those that
 * are in it, and the Java runtime. A jar that Maven does not know, or knows with other content, is an error: so the list is
 * the package's and not merely the build's.
 */
final class Sbom {
    private static final Pattern CLASSIFIER = Pattern.compile("[?&]classifier=([^&]+)");
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final SortedMap<String, ObjectNode> components = new TreeMap<>();
    private final SortedMap<String, Set<String>> dependencies = new TreeMap<>();

    /** What the list is of. */
    record Subject(String name, String version, String revision, String description, Instant time) {}

    /** A part of the package, as far as all lists have it. */
    record Part(String name, String version, String license, String reference) {}

    Sbom(List<JsonNode> documents, PackedJars jars, JavaRuntime java) {
        Map<String, JsonNode> known = new TreeMap<>();
        for (JsonNode document : documents) {
            JsonNode module = document.path("metadata").path("component");
            known.putIfAbsent(fileName(module), module);
        }
        for (JsonNode document : documents) {
            document.path("components").forEach(component -> known.put(fileName(component), component));
        }
        jars.digests().forEach((file, digest) -> addJar(file, digest, known.get(file)));
        ObjectNode runtime = runtime(java);
        components.put(reference(runtime), runtime);
        for (JsonNode document : documents) {
            document.path("dependencies").forEach(this::addDependencies);
        }
    }

    private void addJar(String file, String digest, JsonNode component) {
        if (component == null) {
            throw new PackagerException("Maven does not know " + file + ": where does it come from?");
        }
        for (JsonNode hash : component.path("hashes")) {
            if (hash.path("alg").asText().equals("SHA-256")
                    && !hash.path("content").asText().equals(digest)) {
                throw new PackagerException(file + " is not what Maven built or fetched: its SHA-256 is " + digest
                        + " and should be " + hash.path("content").asText());
            }
        }
        ObjectNode entry = component.deepCopy();
        entry.put("type", "library");
        entry.putArray("hashes").addObject().put("alg", "SHA-256").put("content", digest);
        components.put(reference(entry), entry);
    }

    private void addDependencies(JsonNode entry) {
        String from = entry.path("ref").asText();
        if (components.containsKey(from)) {
            Set<String> targets = dependencies.computeIfAbsent(from, _ -> new TreeSet<>());
            entry.path("dependsOn").forEach(target -> {
                if (components.containsKey(target.asText())) {
                    targets.add(target.asText());
                }
            });
        }
    }

    private static ObjectNode runtime(JavaRuntime java) {
        ObjectNode runtime = NODES.objectNode();
        runtime.put("type", "platform");
        runtime.put("bom-ref", "java-runtime");
        runtime.put("publisher", java.vendor());
        runtime.put("name", "java-runtime");
        runtime.put("version", java.version());
        runtime.put("description", "Java runtime, reduced to the modules that are needed (jlink)");
        runtime.putArray("licenses").addObject().put("expression", "GPL-2.0-only WITH Classpath-exception-2.0");
        return runtime;
    }

    /** Sorted. */
    List<Part> contents() {
        List<Part> parts = new ArrayList<>();
        components
                .values()
                .forEach(component -> parts.add(new Part(
                        component.path("name").asText(),
                        component.path("version").asText(),
                        license(component),
                        reference(component))));
        return parts;
    }

    private static String license(JsonNode component) {
        List<String> names = new ArrayList<>();
        for (JsonNode choice : component.path("licenses")) {
            JsonNode license = choice.path("license");
            String name = choice.path("expression")
                    .asText(license.path("id").asText(license.path("name").asText()));
            names.add(name);
        }
        return names.isEmpty() ? "unknown" : String.join(", ", names);
    }

    JsonNode document(Subject subject) {
        ObjectNode document = NODES.objectNode();
        document.put("bomFormat", "CycloneDX");
        document.put("specVersion", "1.6");
        ArrayNode entries = NODES.arrayNode();
        components.values().forEach(entries::add);
        document.put("serialNumber", "urn:uuid:" + identifier(subject + entries.toString()));
        document.put("version", 1);
        ObjectNode metadata = document.putObject("metadata");
        metadata.put("timestamp", subject.time().toString());
        ObjectNode component = metadata.putObject("component");
        component.put("type", "application");
        component.put("bom-ref", subject.name());
        component.put("name", subject.name());
        component.put("version", subject.version());
        component.put("description", subject.description());
        component.putArray("licenses").addObject().putObject("license").put("id", "Apache-2.0");
        component.putArray("properties").addObject().put("name", "git:revision").put("value", subject.revision());
        document.set("components", entries);
        ArrayNode relations = document.putArray("dependencies");
        ArrayNode all = relations.addObject().put("ref", subject.name()).putArray("dependsOn");
        components.keySet().forEach(all::add);
        dependencies.forEach((from, targets) -> {
            ArrayNode list = relations.addObject().put("ref", from).putArray("dependsOn");
            targets.forEach(list::add);
        });
        return document;
    }

    /** Another one for other content only, so that two builds have the same. */
    private static UUID identifier(String content) {
        return UUID.nameUUIDFromBytes(content.getBytes(StandardCharsets.UTF_8));
    }

    private static String reference(JsonNode component) {
        return component.path("bom-ref").asText();
    }

    /** As Maven calls the jar when it copies it. */
    private static String fileName(JsonNode component) {
        Matcher classifier = CLASSIFIER.matcher(component.path("purl").asText());
        return component.path("name").asText() + "-" + component.path("version").asText()
                + (classifier.find() ? "-" + classifier.group(1) : "") + ".jar";
    }
}
