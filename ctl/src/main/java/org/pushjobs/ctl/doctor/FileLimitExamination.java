package org.pushjobs.ctl.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whether the server may open as many files as it may have agents. */
final class FileLimitExamination implements Examination {
    private static final String ABOUT = "file limit";
    private static final String LINE = "Max open files";

    /** The least that it needs for everything else. */
    private static final int OTHERS = 500;

    @Override
    public List<Finding> of(Patient patient) {
        if (patient.pid().isEmpty()) {
            return List.of(Finding.good(ABOUT, "not looked at, the server does not run"));
        }
        Path limits = Path.of("/proc", patient.pid().get().toString(), "limits");
        Optional<Long> soft;
        try {
            soft = softLimit(Files.readAllLines(limits));
        } catch (IOException e) {
            return List.of(Finding.warning(ABOUT, limits + " cannot be read (" + e + "); run this command as root"));
        }
        int needed = patient.config().gateway().connections().max() + OTHERS;
        return List.of(
                soft.orElse(0L) >= needed
                        ? Finding.good(ABOUT, soft.get() + " files, enough for max_agent_connections")
                        : Finding.warning(
                                ABOUT,
                                "the server may open " + soft.orElse(0L) + " files, and max_agent_connections is "
                                        + patient.config()
                                                .gateway()
                                                .connections()
                                                .max()
                                        + ": allow " + needed + " (fs.nr_open, and the limits of the supervisor), then"
                                        + " restart, or set max_agent_connections to what there are of nodes"));
    }

    /** Of a file {@code limits}; empty where there is no such line. */
    static Optional<Long> softLimit(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(LINE))
                .findFirst()
                .map(line -> line.substring(LINE.length()).strip().split("\\s+")[0])
                .map(number -> number.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(number));
    }
}
