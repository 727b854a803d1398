package org.pushjobs.workstation.job;

import static org.pushjobs.workstation.screen.Screen.printable;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.remote.OutputChannel;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.ServerFailure;

/** What the command of a job that has ended wrote, for people: equal output of many nodes once, and of each the end. */
final class FinalOutput {
    /** So many lines of each channel are shown. */
    static final int LINES_SHOWN = 100;

    static final int GROUPS_SHOWN = 20;

    /** The output of so many nodes is read. */
    static final int NODES_READ = 1_000;

    private static final Set<String> WITHOUT_PART = Set.of("new", "ready", "was_ready", "nacked", "unavailable");

    private final JobDocument job;
    private final OutputGroups groups;
    private final PrintStream out;
    private final PrintStream err;

    /**
     * @param job with what is known of its nodes, where the server can tell
     * @param out gets standard output and what is said about it, {@code err} standard error
     */
    FinalOutput(PushJobsClient client, JobDocument job, PrintStream out, PrintStream err) {
        this.job = job;
        this.groups = new OutputGroups(client, job.id(), List.of(OutputChannel.values()));
        this.out = out;
        this.err = err;
    }

    /** What cannot be read now changes nothing about the job: it is said. */
    void show() throws InterruptedException {
        try {
            List<String> nodes = job.nodes().entrySet().stream()
                    .filter(entry -> !WITHOUT_PART.contains(entry.getKey()))
                    .flatMap(entry -> entry.getValue().stream())
                    .filter(node -> !job.outputBytes(node).equals(Optional.of(0L)))
                    .sorted()
                    .toList();
            for (String node : nodes.subList(0, Math.min(NODES_READ, nodes.size()))) {
                groups.add(node);
            }
            List<List<String>> all = groups.groups();
            for (List<String> group : all.subList(0, Math.min(GROUPS_SHOWN, all.size()))) {
                show(group);
            }
            int left =
                    all.stream().skip(GROUPS_SHOWN).mapToInt(List::size).sum() + Math.max(0, nodes.size() - NODES_READ);
            if (left > 0) {
                out.println("Output of " + left + " more nodes: pushjobs job output " + printable(job.id()));
            }
        } catch (ServerFailure failure) {
            err.println("The output cannot be read: " + failure.getMessage());
        }
    }

    private void show(List<String> group) throws ServerFailure, InterruptedException {
        String node = group.getFirst();
        out.println("==> " + OutputGroups.title(group) + " <==");
        for (OutputChannel channel : OutputChannel.values()) {
            Optional<byte[]> output = groups.output(node, channel);
            if (output.isPresent()) {
                show(node, channel, output.get());
            }
        }
    }

    private void show(String node, OutputChannel channel, byte[] output) {
        int from = beginOfLastLines(output);
        if (from > 0) {
            out.println("(the last " + LINES_SHOWN + " lines; all of them: pushjobs job output --channel " + channel
                    + " " + printable(job.id()) + " " + printable(node) + ")");
        }
        PrintStream stream = channel == OutputChannel.STDOUT ? out : err;
        out.flush();
        stream.write(output, from, output.length - from);
        if (output.length > 0 && output[output.length - 1] != '\n') {
            stream.println();
        }
        stream.flush();
    }

    private static int beginOfLastLines(byte[] output) {
        int lines = 0;
        for (int i = output.length - 2; i >= 0; i--) {
            if (output[i] == '\n' && ++lines == LINES_SHOWN) {
                return i + 1;
            }
        }
        return 0;
    }
}
