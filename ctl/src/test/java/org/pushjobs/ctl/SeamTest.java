package org.pushjobs.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The program stands on little of the server, and on nothing that has to be loaded before a command begins. */
class SeamTest {
    private static final Pattern IMPORT =
            Pattern.compile("^import (org\\.pushjobs\\.server\\.[\\w.]+);", Pattern.MULTILINE);

    @Test
    void onlyTheConfigurationModelAndTheMigrationsAreUsedOfTheServer() throws IOException {
        Set<String> used = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                Matcher imports = IMPORT.matcher(Files.readString(source));
                while (imports.find()) {
                    used.add(imports.group(1));
                }
            }
        }

        assertThat(used)
                .containsExactly(
                        "org.pushjobs.server.config.ConfigException",
                        "org.pushjobs.server.config.ConfigFile",
                        "org.pushjobs.server.config.KnownSettings",
                        "org.pushjobs.server.config.SecretsFile",
                        "org.pushjobs.server.config.ServerConfig",
                        "org.pushjobs.server.config.ServerConfig.DatabaseConfig",
                        "org.pushjobs.server.config.ServerConfig.DirectoryConfig",
                        "org.pushjobs.server.config.ServerConfig.TlsTrust",
                        "org.pushjobs.server.config.StartCheck",
                        "org.pushjobs.server.store.Migrations");
    }

    @Test
    void theServersEngineIsNotOnTheClassPath() {
        assertThat(Stream.of("io.vertx.core.Vertx", "io.netty.buffer.ByteBuf", "io.micrometer.core.instrument.Meter")
                        .filter(SeamTest::isThere))
                .isEmpty();
    }

    private static boolean isThere(String className) {
        try {
            Class.forName(className, false, SeamTest.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
