package org.pushjobs.ctl.commands;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.apitest.ApiTestRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tests the configured server through its public URL. Its exit status is the test's. */
@Command(name = "test")
final class TestCommand implements CtlCommand {
    private final Machine machine;

    @Mixin
    private GlobalOptions options;

    @Option(names = "--all", description = "Run every case.")
    private boolean all;

    /** What is done without {@code --all}; scripts give it. */
    @Option(names = "--smoke", description = "Run what has to work before anything else; the default.")
    private boolean smoke;

    @Option(
            names = {"-J", "--junit-file"},
            paramLabel = "FILE",
            description = "Write the outcomes to this file, too, as JUnit's XML.")
    private Optional<Path> report = Optional.empty();

    TestCommand(Machine machine) {
        this.machine = machine;
    }

    @Override
    public About about() {
        return new About(
                "test",
                Category.GENERAL,
                "Run the API test suite against the server's public URL, with an agent of its own.",
                Arguments.SOME);
    }

    @Override
    public int run() throws CtlException, InterruptedException {
        machine.out().flush();
        return new ApiTestRun(machine.layout(), machine.name(), machine.err())
                .run(all ? List.of("--all") : List.of("--smoke"), report);
    }
}
