package org.pushjobs.packager;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.pushjobs.packager.Sbom.Part;
import org.pushjobs.packager.Sbom.Subject;

/**
 * The two files by which Chef's packages say what is in them. Cookbooks read the version from {@code build_version}, or from the
 * second word of the text's first line.
 */
record VersionManifest(Subject subject, List<Part> contents) {
    private static final int FORMAT = 2;

    VersionManifest {
        contents = List.copyOf(contents);
    }

    JsonNode json() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("manifest_format", FORMAT);
        ObjectNode software = document.putObject("software");
        for (Part part : contents) {
            ObjectNode entry = software.putObject(part.name());
            entry.put("locked_version", part.version());
            entry.put("source_type", "maven");
            entry.put("license", part.license());
            entry.put("reference", part.reference());
        }
        document.put("build_version", subject.version());
        document.put("build_git_revision", subject.revision());
        document.put("license", "Apache-2.0");
        return document;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append(subject.name()).append(' ').append(subject.version()).append("\n\n");
        text.append(row("Component", "Installed Version", "License"));
        text.append("-".repeat(78)).append('\n');
        contents.forEach(part -> text.append(row(part.name(), part.version(), part.license())));
        return text.toString();
    }

    private static String row(String name, String version, String license) {
        return String.format("%-38s %-19s %s%n", name, version, license);
    }
}
