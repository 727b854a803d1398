package org.pushjobs.workstation.job;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a job is to run and where: on nodes by name, or on those that a search finds. */
final class CommandAndNodes {
    @Parameters(
            index = "0",
            arity = "0..1",
            hideParamSyntax = true,
            paramLabel = "COMMAND",
            description = "What to run, as in the whitelist.")
    private Optional<String> command;

    @Option(
            names = {"-s", "--search"},
            paramLabel = "QUERY",
            description = "Run on the nodes that this search on the Chef server finds, for example 'role:webapp'.")
    private Optional<String> query;

    @Parameters(index = "1..*", arity = "0..*", hideParamSyntax = true, paramLabel = "NODE", description = "Where.")
    private List<String> names = List.of();

    Optional<String> command() {
        return command;
    }

    Optional<String> query() {
        return query;
    }

    /** Each once; they may have been separated by commas, which no node's name has. */
    List<String> names() {
        return names.stream()
                .flatMap(name -> Arrays.stream(name.split(",")))
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }
}
