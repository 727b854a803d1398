package org.pushjobs.ctl.commands;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.service.InstalledService;
import org.pushjobs.ctl.service.Runit;
import org.pushjobs.ctl.service.Systemd;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Follows the service's log. */
@Command(name = "tail")
final class TailCommand implements CtlCommand {
    /** Files that are not for eyes, or finished. */
    private static final Pattern EXCLUDED = Pattern.compile("lock|@|sasl|/config$");

    private final Machine machine;

    @Mixin
    private GlobalOptions options;

    @Parameters(arity = "0..1", paramLabel = "SERVICE")
    private Optional<String> service = Optional.empty();

    TailCommand(Machine machine) {
        this.machine = machine;
    }

    @Override
    public About about() {
        return new About(
                "tail", Category.SERVICE_MANAGEMENT, "Watch the service logs of all enabled services.", Arguments.SOME);
    }

    @Override
    public int run() throws CtlException, InterruptedException {
        InstalledService installed = InstalledService.on(machine.layout());
        List<String> command = new ArrayList<>();
        switch (installed.supervisor()) {
            case Systemd systemd -> command.addAll(List.of("journalctl", "--follow", "--unit=" + systemd.name()));
            case Runit _ -> {
                command.addAll(List.of("tail", "--follow=name", "--retry"));
                List<String> files = files(installed.logDirectory());
                if (files.isEmpty()) {
                    throw new CtlException("there is no log in " + installed.logDirectory()
                            + " yet; it begins when the service starts");
                }
                command.addAll(files);
            }
        }
        machine.out().flush();
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new CtlException(command.getFirst() + " cannot be run: " + e.getMessage(), e);
        }
    }

    /** What {@code tail} is to follow. */
    static List<String> files(Path directory) throws CtlException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
            return files.filter(Files::isRegularFile)
                    .filter(file ->
                            !EXCLUDED.matcher("/" + directory.relativize(file)).find())
                    .map(Path::toString)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CtlException(directory + " cannot be read (" + e + "); run this command as root", e);
        }
    }
}
