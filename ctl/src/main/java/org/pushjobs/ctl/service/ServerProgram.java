package org.pushjobs.ctl.service;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.service.Supervisor.Answer;

/**
 * The installed server's own command line, run with its settings and as its user, to whom its files belong and as whom its
 * database starts.
 *
 * @param user who runs the server
 * @param settings its file, seen from the root directory
 */
public record ServerProgram(Layout layout, String user, String settings) {
    /** As the package has it. */
    public static final String PROGRAM = "/opt/" + Layout.NAME + "/bin/pushjobs-server";

    /** What the server logs while it works, and nobody has asked for. */
    private static final Pattern IN_PASSING = log("INFO|DEBUG");

    private static final Pattern WARNING = log("WARN|ERROR");

    private static Pattern log(String levels) {
        return Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\S+ (" + levels + ") .*");
    }

    public ServerProgram {
        Objects.requireNonNull(layout, "layout");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(settings, "settings");
    }

    /**
     * Blocks until it has ended. The answer has what it says, but nothing of what it logs in passing.
     *
     * @param words of its command line, which everybody on the machine may see: no secrets
     * @throws CtlException when it cannot be run
     */
    public Answer run(List<String> words) throws CtlException, InterruptedException {
        Answer answer = Program.run(command(words), Map.of(), this::advice);
        return new Answer(
                answer.status(),
                answer.text()
                        .lines()
                        .filter(ServerProgram::isWanted)
                        .map(line -> line + "\n")
                        .collect(Collectors.joining()));
    }

    /** Whether a line of an answer is no answer but what the server logs. */
    public static boolean isWarning(String line) {
        return WARNING.matcher(line).matches();
    }

    /**
     * The same for commands that may take long: each line is passed on when it is said.
     *
     * @return its status
     * @throws CtlException when it cannot be run
     */
    public int follow(List<String> words, Consumer<String> lines) throws CtlException, InterruptedException {
        return Program.follow(command(words), this::advice, line -> {
            if (isWanted(line)) {
                lines.accept(line);
            }
        });
    }

    private List<String> command(List<String> words) throws CtlException {
        if (Files.notExists(layout.at(settings))) {
            throw new CtlException("the server is not configured yet; run opscode-push-jobs-server-ctl reconfigure");
        }
        List<String> command = new ArrayList<>(as(user));
        command.addAll(List.of(program().toString(), "--config", settings));
        command.addAll(words);
        return command;
    }

    private Path program() {
        return layout.at(PROGRAM);
    }

    private String advice() {
        return "run this command as root, with the package installed that " + program() + " is in";
    }

    private static boolean isWanted(String line) {
        return !IN_PASSING.matcher(line).matches();
    }

    /** What stands before a command line that is to run as somebody. */
    public static List<String> as(String user) {
        return System.getProperty("user.name").equals(user) ? List.of() : List.of("runuser", "-u", user, "--");
    }
}
