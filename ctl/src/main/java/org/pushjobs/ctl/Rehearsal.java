package org.pushjobs.ctl;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.pushjobs.ctl.commands.Commands;
import org.pushjobs.ctl.commands.Machine;
import org.pushjobs.ctl.layout.Layout;

/**
 * Runs commands on a machine that is nothing but files, so that the Java runtime can write down what they need to start
 * quickly (docs/decisions/0019). It neither reads nor changes anything else.
 */
final class Rehearsal {
    private static final List<String> COMMANDS = List.of(
            "help",
            "version",
            "status -v",
            "service-list",
            "show-config",
            "reconfigure --dry-run",
            "doctor",
            "no-command");

    private Rehearsal() {}

    /** @param arguments a directory for what is needed; it is left there */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]).toAbsolutePath();
        Layout layout = new Layout(root);
        Files.createDirectories(layout.chefServerRunning().getParent());
        Files.writeString(layout.chefServerRunning(), """
            {"private_chef": {"topology": "standalone", "lb": {"api_fqdn": "localhost"},
             "postgresql": {"vip": "localhost", "port": 5432, "db_superuser": "postgres"},
             "user": {"username": "%s"}}}
            """.formatted(System.getProperty("user.name")));
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        for (String command : COMMANDS) {
            new Commands(new Machine(layout, () -> "localhost", Duration.ZERO, Duration.ZERO, nowhere, nowhere))
                    .run(command.split(" "));
        }
    }
}
