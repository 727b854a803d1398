package org.pushjobs.workstation.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.remote.Permission;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.remote.Trial;
import org.pushjobs.workstation.screen.Spans;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.InvalidSettingsException;

/**
 * Looks at everything that a request needs, in the order in which it is needed, up to what makes the rest impossible. Used by
 * one thread.
 */
final class Checks {
    /** The server refuses requests that are further off; request-signing.md. */
    private static final Duration CLOCK_LIMIT = Duration.ofMinutes(15);

    private static final Duration CLOCK_WARNING = Duration.ofSeconds(30);
    private static final int UNAUTHORISED = 401;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;

    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final Connector connector;
    private final ConnectionOptions options;
    private final List<Check> done = new ArrayList<>();

    Checks(Connector connector, ConnectionOptions options) {
        this.connector = connector;
        this.options = options;
    }

    List<Check> run() throws InterruptedException {
        try (PushJobsClient client = connector.connect(options)) {
            done.add(Check.ok("settings", client.identityOrigin()));
            key();
            server(client);
        } catch (InvalidSettingsException e) {
            e.getMessage().lines().forEach(problem -> done.add(Check.failed("settings", problem)));
        }
        return done;
    }

    private void key() throws InvalidSettingsException, InterruptedException {
        for (Path file : connector.sources().keyFile(options).stream().toList()) {
            if (isOpenToOthers(file)) {
                done.add(Check.warning("key", "others than its owner may read or change " + file, "chmod 600 " + file));
            } else {
                done.add(Check.ok("key", file + ", an RSA key that only its owner can read"));
            }
        }
    }

    private static boolean isOpenToOthers(Path file) {
        try {
            return Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains);
        } catch (IOException | UnsupportedOperationException _) {
            // It was read a moment ago; without such permissions there is nothing to be said about them.
            return false;
        }
    }

    private void server(PushJobsClient client) throws InterruptedException {
        Trial reading;
        try {
            reading = client.tryToRead();
        } catch (ServerFailure e) {
            done.add(Check.failed("server", e.getMessage()));
            return;
        }
        done.add(Check.ok(
                "server", client.serverUrl() + " answers in " + reading.took().toMillis() + " ms"));
        clock(reading);
        if (identity(client, reading)) {
            permissions(client, reading);
        }
    }

    private void clock(Trial reading) {
        if (reading.clockAhead().isEmpty()) {
            done.add(Check.warning("clock", "the server does not tell the time", "compare the clocks yourself"));
            return;
        }
        Duration ahead = reading.clockAhead().get();
        String finding = "this machine's clock is "
                + (ahead.abs().compareTo(Duration.ofSeconds(2)) < 0
                        ? "that of the server"
                        : Spans.length(ahead.abs()) + (ahead.isNegative() ? " behind" : " ahead of") + " the server's");
        String remedy = "set the clock; the server refuses requests that are " + CLOCK_LIMIT.toMinutes() + " min off";
        if (ahead.abs().compareTo(CLOCK_LIMIT) >= 0) {
            done.add(new Check("clock", Check.Outcome.FAILED, finding, remedy));
        } else if (ahead.abs().compareTo(CLOCK_WARNING) >= 0) {
            done.add(Check.warning("clock", finding, remedy));
        } else {
            done.add(Check.ok("clock", finding));
        }
    }

    /** Whether the server knows who asks, and where. */
    private boolean identity(PushJobsClient client, Trial reading) {
        int status = reading.status();
        if (status == UNAUTHORISED || status == BAD_REQUEST) {
            done.add(refused("identity", reading));
            return false;
        }
        done.add(Check.ok("identity", "the server knows " + client.user() + " by this key"));
        if (status == NOT_FOUND) {
            done.add(refused("organization", reading));
            return false;
        }
        return true;
    }

    private static Check refused(String subject, Trial trial) {
        return Check.failed(subject, trial.refusal().map(Exception::getMessage).orElse("status " + trial.status()));
    }

    private void permissions(PushJobsClient client, Trial reading) throws InterruptedException {
        done.add(
                reading.mayRead() == Permission.GRANTED
                        ? Check.ok("reading", "may look at jobs and nodes")
                        : refused("reading", reading));
        try {
            Trial writing = client.tryToWrite();
            done.add(
                    switch (writing.mayWrite()) {
                        case GRANTED -> Check.ok("starting", "may start and abort jobs");
                        case DENIED ->
                            Check.warning(
                                    "starting",
                                    "may not start jobs",
                                    "if it should, have an administrator put it into the group pushy_job_writers");
                        case UNKNOWN ->
                            Check.warning(
                                    "starting",
                                    "this server does not say whether jobs may be started",
                                    "start one to find out");
                    });
        } catch (ServerFailure e) {
            done.add(Check.failed("starting", e.getMessage()));
        }
    }
}
