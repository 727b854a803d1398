package org.pushjobs.ctl.commands;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.apitest.ApiTestRun;
import org.pushjobs.ctl.apitest.ApiTestRun.Given;
import picocli.CommandLine.ArgGroup;
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

    @ArgGroup(exclusive = false)
    private People people;

    private static final class People {
        @Option(names = "--org", paramLabel = "ORG", required = true, description = "Use this organisation.")
        private String org;

        @Option(names = "--user", paramLabel = "NAME", required = true, description = "Who may start jobs in it.")
        private String user;

        @Option(names = "--user-key", paramLabel = "FILE", required = true, description = "The user's private key.")
        private Path userKey;

        @Option(
                names = "--client",
                paramLabel = "NAME",
                required = true,
                description = "A client of it, whose agent does not run.")
        private String client;

        @Option(names = "--client-key", paramLabel = "FILE", required = true, description = "The client's private key.")
        private Path clientKey;
    }

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
                .run(given(), all ? List.of("--all") : List.of("--smoke"), report);
    }

    private Optional<Given> given() {
        return Optional.ofNullable(people)
                .map(named -> new Given(named.org, named.user, named.userKey, named.client, named.clientKey));
    }
}
