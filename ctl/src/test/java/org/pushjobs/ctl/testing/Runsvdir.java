package org.pushjobs.ctl.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real runit that supervises the services of a machine. */
public final class Runsvdir {
    private static final int TO_STOP_SECONDS = 20;

    private final Process process;
    private final Path services;

    private Runsvdir(Process process, Path services) {
        this.process = process;
        this.services = services;
    }

    /** Puts runit's sv where the Chef server has it, and starts the supervisor; the test is skipped without runit. */
    public static Runsvdir start(FakeMachine machine) throws IOException, InterruptedException {
        Path runsvdir = Programs.require("runsvdir", "runit");
        Path sv = machine.directory("/opt/opscode/embedded/bin").resolve("sv");
        Files.createSymbolicLink(sv, Programs.require("sv", "runit"));
        Path services = machine.at("/opt/opscode/service");
        // what the tests' own shell ignores (a job in the background ignores INT) is not ignored by services of a
        // machine
        Process process = new ProcessBuilder("env", "--default-signal", runsvdir.toString(), "-P", services.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new Runsvdir(process, services);
    }

    /** HUP has it end its services, too. */
    public void stop() throws IOException, InterruptedException {
        List<ProcessHandle> running;
        try (Stream<Path> all = Files.list(services)) {
            running = all.map(Runsvdir::pid)
                    .flatMap(Optional::stream)
                    .map(ProcessHandle::of)
                    .flatMap(Optional::stream)
                    .toList();
        }
        new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();
        if (!process.waitFor(TO_STOP_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        running.forEach(service ->
                service.onExit().orTimeout(TO_STOP_SECONDS, TimeUnit.SECONDS).join());
    }

    private static Optional<Long> pid(Path service) {
        try {
            String pid = Files.readString(service.resolve("supervise/pid")).strip();
            return pid.isEmpty() ? Optional.empty() : Optional.of(Long.parseLong(pid));
        } catch (IOException e) {
            return Optional.empty(); // it was removed
        }
    }
}
