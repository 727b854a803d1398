package org.pushjobs.server.store;

import java.io.IOException;
import java.nio.file.Path;
import org.pushjobs.config.DatabaseConfig;

/** A process that owns an embedded database until it is killed or its input ends. */
final class EmbeddedOwner {
    private EmbeddedOwner() {}

    public static void main(String[] arguments) throws IOException {
        try (EmbeddedDatabase database =
                EmbeddedDatabase.start(new DatabaseConfig.Embedded(Path.of(arguments[0]), 4))) {
            System.out.println("port " + database.connection().port());
            System.in.read();
        }
    }
}
