package org.pushjobs.workstation.job;

import static org.pushjobs.workstation.screen.Screen.printable;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.pushjobs.workstation.remote.JobDocument;

/** Which nodes of a job that has ended another one is to run on. */
final class NodesOfJob {
    static final Set<NodeOutcome> NOT_SUCCEEDED = Set.copyOf(EnumSet.complementOf(EnumSet.of(NodeOutcome.SUCCEEDED)));

    private NodesOfJob() {}

    /**
     * @param outcomes what became of the nodes; empty for all
     * @throws NothingToRunException when the job has not ended, or no node is one of those
     */
    static List<String> that(Set<NodeOutcome> outcomes, JobDocument job) throws NothingToRunException {
        if (!job.ended()) {
            throw new NothingToRunException("Job " + printable(job.id()) + " has not ended; it is "
                    + printable(job.status()) + ". Wait for it with 'pushjobs job watch " + printable(job.id()) + "'.");
        }
        List<String> names = outcomes.isEmpty()
                ? job.allNodes()
                : outcomes.stream()
                        .flatMap(outcome -> job.nodes(outcome.toString()).stream())
                        .sorted()
                        .toList();
        if (names.isEmpty()) {
            String id = printable(job.id());
            throw new NothingToRunException(
                    outcomes.equals(NOT_SUCCEEDED)
                            ? "Every node of job " + id + " succeeded: there is nothing to run."
                            : "No node of job " + id + " is " + words(outcomes) + ": there is nothing to run.");
        }
        return names;
    }

    private static String words(Set<NodeOutcome> outcomes) {
        return outcomes.stream().map(NodeOutcome::toString).sorted().collect(Collectors.joining(" or "));
    }
}
