package org.pushjobs.workstation.screen;

/** How documents are shown; the names are the values of {@code --format}. */
public enum OutputFormat {
    TEXT,
    JSON,
    YAML;

    @Override
    public String toString() {
        return switch (this) {
            case TEXT -> "text";
            case JSON -> "json";
            case YAML -> "yaml";
        };
    }
}
