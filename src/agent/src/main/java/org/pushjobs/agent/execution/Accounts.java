package org.pushjobs.agent.execution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operating system's users, wherever it takes them from ({@code getent}, so LDAP and the like too). Look-ups block,
 * at most {@link #TIME_OUT}.
 */
final class Accounts {
    static final int ROOT = 0;
    static final Duration TIME_OUT = Duration.ofSeconds(10);
    private static final int NO_CHANGE = -1;
    private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);
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
            return account(name, new String(getent.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } finally {
            getent.destroyForcibly();
        }
    }

    /**
     * The account in what {@code getent passwd} printed, if it is there.
     *
     * @throws IOException when its numbers cannot be used
     */
    static Optional<Account> account(String name, String entries) throws IOException {
        Optional<String[]> found = entries.lines()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length >= 4 && fields[0].equals(name))
                .findFirst();
        return found.isPresent()
                ? Optional.of(new Account(name, number(found.get()[2]), number(found.get()[3])))
                : Optional.empty();
    }

    /** The system's calls take {@link #NO_CHANGE} for "leave it as it is": the command would run as root. */
    private static int number(String text) throws IOException {
        try {
            int number = Integer.parseUnsignedInt(text);
            if (number != NO_CHANGE) {
                return number;
            }
        } catch (NumberFormatException e) {
            LOG.debug("a user has an id that is no number [id: {}]", text);
        }
        throw new IOException("its id is no number from 0 to 4294967294: " + text);
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
