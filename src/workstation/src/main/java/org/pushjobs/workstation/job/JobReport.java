package org.pushjobs.workstation.job;

import static org.pushjobs.workstation.screen.Screen.printable;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.Screen;

/** A job in words for people. */
final class JobReport {
    /** So many nodes of one status are explained one by one; the document has them all. */
    static final int NODES_EXPLAINED_PER_STATUS = 10;

    private final JobDocument job;
    private final Map<String, String> absences;

    JobReport(JobDocument job) {
        this(job, Map.of());
    }

    /** @param absences why nodes could not take part, by their names, where more is known than the job says */
    private JobReport(JobDocument job, Map<String, String> absences) {
        this.job = job;
        this.absences = absences;
    }

    /** Of a job that has ended, with the reasons that the server knows; that it cannot tell them now changes nothing. */
    static JobReport ofEnded(PushJobsClient client, JobDocument ended) throws InterruptedException {
        if (ended.allSucceeded()) {
            return new JobReport(ended);
        }
        JobDocument known = inDetail(client, ended);
        return new JobReport(known, new AbsenceReasons(client).of(known));
    }

    /** The job with what the server knows of its nodes; as it is given when that is there, or cannot be had now. */
    static JobDocument inDetail(PushJobsClient client, JobDocument ended) throws InterruptedException {
        if (ended.hasDetail()) {
            return ended;
        }
        try {
            return client.jobInDetail(ended.id());
        } catch (ServerFailure _) {
            return ended;
        }
    }

    /** Id, command, status, and the nodes by status. */
    void document(PrintStream out) {
        out.println("id:      " + printable(job.id()));
        out.println("command: " + printable(job.command()));
        out.println("status:  " + printable(job.status()));
        field(out, "created: ", "created_at");
        field(out, "updated: ", "updated_at");
        field(out, "user:    ", "user");
        field(out, "dir:     ", "dir");
        if (!job.nodes().isEmpty()) {
            out.println("nodes:");
            int width = widest(List.copyOf(job.nodes().keySet())) + 1;
            job.nodes()
                    .forEach((status, names) -> out.println("  " + padded(printable(status) + ":", width) + " "
                            + names.stream()
                                    .sorted()
                                    .map(name -> printable(name))
                                    .collect(Collectors.joining(", "))));
        }
    }

    private void field(PrintStream out, String label, String name) {
        if (job.source().hasNonNull(name)) {
            out.println(label + printable(job.source().get(name).asText()));
        }
    }

    /** What an ended job came to, and for each node that did not succeed why, with the last that its command wrote. */
    void explanation(PrintStream out) {
        List<Entry<String, List<String>>> others = job.nodes().entrySet().stream()
                .filter(entry -> !entry.getKey().equals("succeeded"))
                .toList();
        if (!job.ended() || job.succeeded() && others.isEmpty()) {
            return;
        }
        out.println();
        out.println(verdict(
                others.stream().mapToInt(entry -> entry.getValue().size()).sum()));
        List<String[]> rows = new ArrayList<>();
        for (Entry<String, List<String>> entry : others) {
            List<String> names = entry.getValue().stream().sorted().toList();
            names.stream().limit(NODES_EXPLAINED_PER_STATUS).forEach(name -> rows.add(row(name, entry.getKey())));
            if (names.size() > NODES_EXPLAINED_PER_STATUS) {
                rows.add(row("... and " + (names.size() - NODES_EXPLAINED_PER_STATUS) + " more", entry.getKey()));
            }
        }
        int nameWidth = widest(rows.stream().map(row -> row[0]).toList());
        int statusWidth = widest(rows.stream().map(row -> row[1]).toList());
        LastOutput lastOutput = new LastOutput(job, out);
        rows.forEach(row -> {
            out.println("  " + padded(row[0], nameWidth) + "  " + padded(row[1], statusWidth) + "  " + row[2]);
            lastOutput.of(row[0]);
        });
        if (job.capturesOutput() && job.nodes().containsKey("failed")) {
            out.println("What a failed node wrote: pushjobs job output --channel stderr " + printable(job.id()) + " "
                    + printable(job.nodes().get("failed").stream()
                            .sorted()
                            .findFirst()
                            .orElse("NODE")));
        }
    }

    private String verdict(int others) {
        return switch (job.status()) {
            case "complete" -> "The job is complete; " + others + " of " + job.nodeCount() + " nodes did not succeed:";
            case "quorum_failed" -> "Too few nodes took the job (quorum failed), so the command ran nowhere:";
            case "timed_out" ->
                "The job did not end within its time-out"
                        + (job.source().path("run_timeout").isNumber()
                                ? " of " + job.source().get("run_timeout").asText() + " s"
                                : "")
                        + ":";
            case "aborted" -> "The job was aborted:";
            case "crashed" -> "The server lost the job when it was restarted:";
            default -> "The job ended as " + printable(job.status()) + ":";
        };
    }

    private String[] row(String name, String status) {
        String meaning = Optional.ofNullable(absences.get(name))
                .or(() -> job.reason(name))
                .map(Screen::printable)
                .orElse(NodeOutcome.meaningOf(status));
        return new String[] {printable(name), printable(status), meaning};
    }

    private static int widest(List<String> texts) {
        return texts.stream().mapToInt(String::length).max().orElse(0);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
