package org.pushjobs.workstation.job;

import static org.pushjobs.workstation.screen.Screen.printable;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pushjobs.workstation.remote.JobDocument;

/**
 * The last lines of what failed commands wrote, each under the line of its node. What several nodes wrote alike is shown once.
 * For one report, by one thread.
 */
final class LastOutput {
    /** Of each node; the document has more. */
    static final int MOST_LINES = 20;

    private static final String INDENT = "      ";

    private final JobDocument job;
    private final PrintStream out;
    private final Map<List<String>, String> shown = new HashMap<>();

    LastOutput(JobDocument job, PrintStream out) {
        this.job = job;
        this.out = out;
    }

    /** Prints nothing where nothing is known. */
    void of(String node) {
        job.outputTail(node).ifPresent(tail -> show(node, tail));
    }

    private void show(String node, JobDocument.OutputTail tail) {
        List<String> lines = tail.text()
                .lines()
                .map(line -> printable(line.replace("\t", "    ")))
                .toList();
        List<String> last = lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size());
        String first = shown.putIfAbsent(last, node);
        if (first != null) {
            out.println(INDENT + "| as on " + printable(first));
            return;
        }
        if (tail.isCutOff() || last.size() < lines.size()) {
            out.println(INDENT + "| ...");
        }
        last.forEach(line -> out.println(INDENT + "| " + line));
    }
}
