package org.pushjobs.agent.execution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The operating system's users, wherever it takes them from ({@code getent}, so LDAP and the like too). Look-ups block,
 * at most {@link #TIME_OUT}.
 */
final class Accounts {
    static final int ROOT = 0;
    static final Duration TIME_OUT = Duration.ofSeconds(10);
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.@\\\\-]*\\$?");

    private final int ownUid;

    Accounts() {
        this.ownUid = uidOf(Path.of("/proc/self"));
    }

    /** The user that this process runs as. */
    int ownUid() {
        return ownUid;
    }

    /**
     * Empty when there is no such user.
     *
     * @throws IOException when the question cannot be asked
     */
    Optional<Account> find(String name) throws IOException, InterruptedException {
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        Process getent = new ProcessBuilder("getent", "passwd", name)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!getent.waitFor(TIME_OUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("looking up a user took longer than " + TIME_OUT.toSeconds() + " s");
            }
            String entry = new String(getent.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return entry.lines()
                    .map(line -> line.split(":"))
                    .filter(fields -> fields.length >= 4 && fields[0].equals(name))
                    .findFirst()
                    .map(fields -> new Account(name, Integer.parseInt(fields[2]), Integer.parseInt(fields[3])));
        } finally {
            getent.destroyForcibly();
        }
    }

    /** The owner of a file. */
    static int uidOf(Path file) {
        try {
            return (int) Files.getAttribute(file, "unix:uid");
        } catch (IOException e) {
            throw new IllegalStateException("the owner of " + file + " cannot be found out", e);
        }
    }
}
