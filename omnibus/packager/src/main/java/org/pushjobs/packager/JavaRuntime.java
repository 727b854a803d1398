package org.pushjobs.packager;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * A Java runtime.
 *
 * @param vendor who built it
 * @param version with the build, such as {@code 25.0.3+9-LTS}
 */
record JavaRuntime(String vendor, String version) {
    /** The one in a directory, by its file {@code release}. */
    static JavaRuntime at(Path directory) throws IOException {
        Properties release = new Properties();
        try (var reader = Files.newBufferedReader(directory.resolve("release"))) {
            release.load(reader);
        }
        return new JavaRuntime(
                value(release, "IMPLEMENTOR", "unknown"),
                value(release, "JAVA_RUNTIME_VERSION", value(release, "JAVA_VERSION", "unknown")));
    }

    private static String value(Properties release, String key, String fallback) {
        String quoted = release.getProperty(key);
        return quoted == null ? fallback : quoted.replace("\"", "");
    }
}
