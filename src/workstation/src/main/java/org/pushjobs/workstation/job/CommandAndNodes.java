package org.pushjobs.workstation.job;

import static org.pushjobs.workstation.screen.Screen.printable;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.ServerFailure;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a job is to run and where: on nodes by name or pattern, on all, on those of an earlier job, or on those of a search. */
final class CommandAndNodes {
    static final String NO_NODES =
            "No nodes to run job on. Specify nodes as arguments or use -s to specify a search query.";

    @Parameters(
            index = "0",
            arity = "0..1",
            hideParamSyntax = true,
            paramLabel = "COMMAND",
            description = "What to run, as in the whitelist.")
    private Optional<String> command;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            hideParamSyntax = true,
            paramLabel = "NODE",
            description = "Where: names, or patterns such as 'web-*' and 'web-[1-3]'.")
    private List<String> names = List.of();

    @Option(
            names = "--nodes-from",
            paramLabel = "FILE",
            description =
                    "Run on the nodes, or those that match the patterns, in this file, one in each line; - is standard"
                            + " input.")
    private Optional<Path> file;

    @Option(names = "--all", description = "Run on all nodes that the server knows, also on those that are away.")
    private boolean all;

    @Option(
            names = {"-s", "--search"},
            paramLabel = "QUERY",
            description = "Run on the nodes that this search on the Chef server finds, for example 'role:webapp'.")
    private Optional<String> query;

    @Option(
            names = "--retry",
            paramLabel = "ID",
            description = "Run on the nodes of this job that did not succeed, or on those of --only.")
    private Optional<String> retried;

    @Option(
            names = "--only",
            paramLabel = "STATUS",
            split = ",",
            description = "Of the nodes of --retry only those that are: ${COMPLETION-CANDIDATES}.")
    private Set<NodeOutcome> only = EnumSet.noneOf(NodeOutcome.class);

    Optional<String> command() {
        return command;
    }

    /**
     * The names and patterns that were given, each once; they may have been separated by commas, which no node's name has.
     *
     * @throws IllegalArgumentException when a file cannot be read, or what was given does not go together
     */
    List<String> given() {
        checkThatItGoesTogether();
        Stream<String> inFile =
                file.map(path -> GivenFile.lines(GivenFile.text("--nodes-from", path))).orElse(List.of()).stream();
        return Stream.concat(names.stream(), inFile)
                .flatMap(name -> Arrays.stream(name.split("[,\\s]+")))
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }

    private void checkThatItGoesTogether() {
        boolean named = !names.isEmpty() || file.isPresent();
        if (query.isPresent() && (named || all || retried.isPresent())) {
            throw new IllegalArgumentException("give the nodes or a search, not both");
        }
        if (Stream.of(named, all, retried.isPresent()).filter(way -> way).count() > 1) {
            throw new IllegalArgumentException("give nodes, --all or --retry, not two of them");
        }
        if (!only.isEmpty() && retried.isEmpty()) {
            throw new IllegalArgumentException("--only chooses from the nodes of a job: give it by --retry");
        }
    }

    /** Whether nothing was given that nodes could come from. */
    boolean isNowhere(List<String> given) {
        return given.isEmpty() && !all && query.isEmpty() && retried.isEmpty();
    }

    /**
     * The names of the nodes, each once.
     *
     * @param given see {@link #given}
     */
    List<String> nodes(List<String> given, PushJobsClient client)
            throws NothingToRunException, ServerFailure, AmbiguousJobException, InterruptedException {
        List<String> found;
        if (query.isPresent()) {
            found = client.searchNodes(query.get());
        } else if (retried.isPresent()) {
            found = NodesOfJob.that(
                    only.isEmpty() ? NodesOfJob.NOT_SUCCEEDED : only,
                    client.job(new JobIds(client).find(retried.get())));
        } else if (all) {
            found = client.nodeNames();
        } else {
            found = matching(given, client);
        }
        if (found.isEmpty()) {
            throw new NothingToRunException(NO_NODES);
        }
        return found;
    }

    /** Names are taken as they are, also those that the server does not know: the job then says so. */
    private static List<String> matching(List<String> given, PushJobsClient client)
            throws NothingToRunException, ServerFailure, InterruptedException {
        if (given.stream().noneMatch(NodePattern::isPattern)) {
            return given;
        }
        List<String> known = client.nodeNames();
        Set<String> found = new LinkedHashSet<>();
        for (String text : given) {
            if (!NodePattern.isPattern(text)) {
                found.add(text);
                continue;
            }
            List<String> matched = known.stream().filter(NodePattern.of(text)).toList();
            if (matched.isEmpty()) {
                throw new NothingToRunException(
                        "No node's name matches '" + printable(text) + "': the job was not started.");
            }
            found.addAll(matched);
        }
        return List.copyOf(found);
    }
}
