package org.pushjobs.config.files;

import java.util.List;

/**
 * A file of settings or secrets cannot be used. It holds every error that was found, so that a file is put right in one
 * go; no error repeats a secret.
 */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String[] errors;

    /** @param errors one or more; each names the file, the key, what is wrong and what to do */
    public ConfigException(List<String> errors) {
        super(String.join(System.lineSeparator(), errors));
        this.errors = errors.toArray(String[]::new);
    }

    /** @param error names the file, what is wrong and what to do */
    public ConfigException(String error) {
        this(List.of(error));
    }

    /** In the order of the file, then the settings that are missing or do not go together. */
    public List<String> errors() {
        return List.of(errors);
    }
}
