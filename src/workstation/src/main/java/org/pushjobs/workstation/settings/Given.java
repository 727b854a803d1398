package org.pushjobs.workstation.settings;

import java.nio.file.Path;
import java.util.Objects;

/**
 * The value of a setting and where it comes from.
 *
 * @param origin for people, for example {@code --user} or {@code /home/alice/.chef/credentials, profile default}
 * @param directory what a relative path is relative to
 */
public record Given(String value, String origin, Path directory) {
    public Given {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(directory, "directory");
    }

    /** The value as a path; a leading {@code ~/} is the user's home directory. */
    Path path(Path home) {
        return value.startsWith("~/") ? home.resolve(value.substring(2)) : directory.resolve(value);
    }

    /** Leaves out the value, which may be a key or a password. */
    @Override
    public String toString() {
        return "Given[" + origin + "]";
    }
}
