package org.pushjobs.ctl.layout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The package that is installed, by its own list of what it is made of, which Chef's cookbooks look at, too. */
public final class PackageVersion {
    /** Its first line names the package and its version. */
    public static final String MANIFEST = "/opt/" + Layout.NAME + "/version-manifest.txt";

    private PackageVersion() {}

    /** Name and version; empty where no package is installed. */
    public static Optional<String> of(Layout layout) {
        Path manifest = layout.at(MANIFEST);
        if (Files.notExists(manifest)) {
            return Optional.empty();
        }
        try {
            return Files.readAllLines(manifest).stream().findFirst().map(String::strip);
        } catch (IOException e) {
            throw new UncheckedIOException(manifest + " cannot be read: " + e.getMessage(), e);
        }
    }
}
