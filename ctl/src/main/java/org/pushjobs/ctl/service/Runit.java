package org.pushjobs.ctl.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.ctl.CtlException;

/**
 * A service that runit supervises, controlled as the Chef server's own program does it: by the link to {@code sv} that bears
 * its name, in the way of init scripts, so that texts and exit codes are those that people know. Blocking.
 *
 * @param initLink that link
 * @param enabled the directory that the supervisor watches
 */
public record Runit(Path initLink, Path enabled) implements Supervisor {
    /** Of {@code status}, as sv has it for init scripts. */
    private static final int DOWN = 3;

    private static final Duration POLL = Duration.ofMillis(50);

    public static Runit of(ServicePaths paths) {
        return new Runit(paths.initLink(), paths.enabled());
    }

    /** Another service of the same supervisor. */
    public Runit sibling(String name) {
        return new Runit(initLink.resolveSibling(name), enabled);
    }

    /** Whether the supervisor has the service that takes the service's output. */
    public boolean hasLog() {
        return Files.exists(log().resolve("supervise/ok")) && Files.exists(initLink);
    }

    /** Has that one end; the supervisor starts it again at once, with what is new. */
    public Answer restartLog() throws CtlException, InterruptedException {
        try {
            Path sv = Files.readSymbolicLink(initLink);
            return Program.run(List.of(sv.toString(), "term", log().toString()), Map.of(), () -> "install runit");
        } catch (IOException e) {
            throw new CtlException(initLink + " is no link to sv; run opscode-push-jobs-server-ctl reconfigure", e);
        }
    }

    private Path log() {
        return enabled.resolve(name()).resolve("log");
    }

    @Override
    public String name() {
        return initLink.getFileName().toString();
    }

    @Override
    public boolean isEnabled() {
        return Files.exists(enabled.resolve(name()), LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether the supervisor has ever had it. */
    @Override
    public boolean isSupervised() {
        return Files.exists(enabled.resolve(name()).resolve("supervise/ok")) && Files.exists(initLink);
    }

    @Override
    public Optional<Long> pid() {
        try {
            String pid = Files.readString(enabled.resolve(name()).resolve("supervise/pid"))
                    .strip();
            return pid.isEmpty() ? Optional.empty() : Optional.of(Long.parseLong(pid));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public Answer run(Verb verb) throws CtlException, InterruptedException {
        Answer answer = sv(verb);
        // Sv answers for the log's service, which stays up, where there is one.
        return verb == Verb.STATUS && answer.status() == GOOD && answer.text().startsWith("down: ")
                ? new Answer(DOWN, answer.text())
                : answer;
    }

    private Answer sv(Verb verb) throws CtlException, InterruptedException {
        Map<String, String> environment = Map.of("SVDIR", enabled.toString());
        return Program.run(
                List.of(initLink.toString(), verb.sv()),
                environment,
                () -> initLink
                        + " is made by opscode-push-jobs-server-ctl reconfigure; check that runit is installed, too");
    }

    /** It looks for new services every five seconds. */
    @Override
    public boolean awaitSupervised(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!isSupervised()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            Thread.sleep(POLL);
        }
        return true;
    }
}
