package org.pushjobs.workstation;

import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.pushjobs.workstation.completion.Candidates;
import org.pushjobs.workstation.completion.Completion;
import org.pushjobs.workstation.job.AmbiguousJobException;
import org.pushjobs.workstation.job.ExitRule;
import org.pushjobs.workstation.job.JobAbort;
import org.pushjobs.workstation.job.JobCommands;
import org.pushjobs.workstation.job.JobEvents;
import org.pushjobs.workstation.job.JobList;
import org.pushjobs.workstation.job.JobOutput;
import org.pushjobs.workstation.job.JobRerun;
import org.pushjobs.workstation.job.JobStart;
import org.pushjobs.workstation.job.JobStatus;
import org.pushjobs.workstation.job.JobWatch;
import org.pushjobs.workstation.job.Pause;
import org.pushjobs.workstation.job.Quorum;
import org.pushjobs.workstation.job.Surroundings;
import org.pushjobs.workstation.node.NodeCommands;
import org.pushjobs.workstation.node.NodeStatus;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.Interruption;
import org.pushjobs.workstation.screen.OutputFailedException;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import org.pushjobs.workstation.setup.Doctor;
import org.pushjobs.workstation.setup.ShowConfig;
import org.pushjobs.workstation.setup.WhoAmI;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/**
 * All commands, and what their failures mean for the exit code. Only the command that is called is made where the arguments
 * begin with its name: making all of them takes longer than most commands run.
 */
final class CommandTree {
    private final String name;
    private final Screen screen;
    private final ExitRule exitRule;
    private final Map<String, Map<String, Supplier<Object>>> groups = new LinkedHashMap<>();
    private final Map<String, Supplier<Object>> others = new LinkedHashMap<>();
    private final Supplier<Candidates> candidates;

    /** @param name what the program was called as */
    CommandTree(
            String name,
            Screen screen,
            Connector connector,
            InstantSource clock,
            Pause pause,
            Interruption interruption) {
        this.name = name;
        this.screen = screen;
        this.exitRule = ExitRule.of(name);
        Surroundings surroundings = new Surroundings(screen, clock, pause, interruption, exitRule);
        Map<String, Supplier<Object>> job = new LinkedHashMap<>();
        job.put("start", () -> new JobStart(connector, surroundings));
        job.put("rerun", () -> new JobRerun(connector, surroundings));
        job.put("status", () -> new JobStatus(screen, connector, clock));
        job.put("list", () -> new JobList(screen, connector, clock));
        job.put("events", () -> new JobEvents(screen, connector));
        job.put("output", () -> new JobOutput(screen, connector, clock, pause));
        job.put("watch", () -> new JobWatch(connector, surroundings));
        job.put("abort", () -> new JobAbort(screen, connector));
        groups.put("job", job);
        groups.put("node", Map.of("status", () -> new NodeStatus(screen, connector, clock)));
        others.put("whoami", () -> new WhoAmI(screen, connector));
        others.put("doctor", () -> new Doctor(screen, connector));
        others.put("config", () -> new ShowConfig(screen, connector));
        others.put("completion", () -> new Completion(screen));
        candidates = () -> new Candidates(screen, connector, clock);
    }

    /** Runs the command that the arguments name, also with knife's {@code push jobs} in front; returns the exit code. */
    int run(String... arguments) {
        List<String> given = withoutKnifesGroup(List.of(arguments));
        if (!given.isEmpty() && given.getFirst().equals(Candidates.NAME)) {
            candidates.get().print(tree(List.of()), withoutKnifesGroup(given.subList(1, given.size())));
            return CommandLine.ExitCode.OK;
        }
        List<String> command = asked(given);
        return tree(command).execute(command.toArray(String[]::new));
    }

    /** Also the help of a command, which would otherwise fail where nobody handles it. */
    private int execute(ParseResult command) {
        try {
            int status = new RunLast().execute(command);
            screen.out().flush();
            return status;
        } catch (OutputFailedException e) {
            return unwritten(e);
        }
    }

    private static List<String> withoutKnifesGroup(List<String> words) {
        boolean group = words.size() > 1 && words.subList(0, 2).equals(List.of("push", "jobs"));
        return words.subList(group ? 2 : 0, words.size());
    }

    /** Who names no command, or wants help, is shown what there is. */
    private List<String> asked(List<String> command) {
        boolean help = !command.isEmpty() && command.getFirst().equals("help");
        List<String> words = new ArrayList<>(command.subList(help ? 1 : 0, command.size()));
        boolean incomplete = words.isEmpty() || words.size() == 1 && groups.containsKey(words.getFirst());
        if (incomplete || help && isCommand(words)) {
            words.add("--help");
        }
        return words;
    }

    /** Of what is none, the error says more than a help. */
    private boolean isCommand(List<String> words) {
        return others.containsKey(words.getFirst())
                || words.size() > 1
                        && groups.getOrDefault(words.getFirst(), Map.of()).containsKey(words.get(1));
    }

    private CommandLine tree(List<String> arguments) {
        Complaints complaints = new Complaints(screen, arguments);
        CommandLine root = new CommandLine(new Root()).setCommandName(name);
        String group = arguments.isEmpty() ? "" : arguments.getFirst();
        String command = arguments.size() < 2 ? "" : arguments.get(1);
        if (groups.getOrDefault(group, Map.of()).containsKey(command)) {
            root.addSubcommand(group(group, Map.of(command, groups.get(group).get(command))));
        } else if (others.containsKey(group)) {
            root.addSubcommand(others.get(group).get());
        } else {
            groups.forEach((word, commands) -> root.addSubcommand(group(word, commands)));
            others.values().forEach(other -> root.addSubcommand(other.get()));
        }
        return root.setExpandAtFiles(false)
                .registerConverter(Quorum.class, CommandTree::quorum)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setColorScheme(Help.defaultColorScheme(screen.display().colours() ? Help.Ansi.ON : Help.Ansi.OFF))
                .setOut(new PrintWriter(screen.out(), true))
                .setErr(new PrintWriter(screen.err(), true))
                .setExecutionStrategy(this::execute)
                .setParameterExceptionHandler((e, _) -> wrongUsage(complaints, e))
                .setExecutionExceptionHandler((e, line, _) -> failed(complaints, e, line));
    }

    private static CommandLine group(String word, Map<String, Supplier<Object>> commands) {
        CommandLine group = new CommandLine(word.equals("job") ? new JobCommands() : new NodeCommands());
        commands.values().forEach(command -> group.addSubcommand(command.get()));
        return group;
    }

    private static Quorum quorum(String text) {
        try {
            return Quorum.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    private static int wrongUsage(Complaints complaints, ParameterException e) {
        complaints.ofUsage(e);
        return CommandLine.ExitCode.USAGE;
    }

    private int failed(Complaints complaints, Exception e, CommandLine command) throws Exception {
        return switch (e) {
            case InvalidSettingsException _ ->
                wrongUsage(complaints, new ParameterException(command, e.getMessage(), e));
            case AmbiguousJobException _ -> {
                complaints.of(Complaints.Kind.USAGE, e);
                yield CommandLine.ExitCode.USAGE;
            }
            case ServerFailure failure -> {
                complaints.ofServer(failure);
                yield exitRule.of(failure);
            }
            case OutputFailedException unwritten -> unwritten(unwritten);
            default -> throw e;
        };
    }

    /** A reader that has had enough is told nothing. */
    private int unwritten(OutputFailedException e) {
        if (!e.isReaderGone()) {
            screen.err().println("ERROR: " + e.getMessage());
        }
        return exitRule.of(e);
    }

    @Command(
            name = "pushjobs",
            synopsisSubcommandLabel = "COMMAND",
            description = "Runs commands on many nodes at once, decided by quorum.",
            versionProvider = Version.class,
            scope = ScopeType.INHERIT,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:All is well; of a job waited for: it is complete, the command succeeded on a node and failed on none.",
                "1:The command failed on a node, the job was ended before its end, or there is no node to run it on.",
                "2:The command line or the settings are wrong.",
                "3:The command ran nowhere: too few nodes took the job, or none.",
                "4:The server refused the request.",
                "5:The server cannot be reached, or is away for the moment.",
                "6:The output could not be written; a job that was started goes on.",
                "130:Ended by Ctrl-C; a job that was waited for goes on.",
                "141:Nobody reads the output any more; a job that was waited for goes on.",
                "As knife-push: 0 when the job is complete and every node succeeded, refused or was unavailable; 1 instead"
                        + " of 3, 4, 5 and 6."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  pushjobs node status",
                "  pushjobs job start chef-client web-1 web-2",
                "  pushjobs job list --since 2h",
                "  pushjobs doctor",
                "  pushjobs help job start"
            })
    private static final class Root {
        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                scope = ScopeType.INHERIT,
                description = "Show this help.")
        private boolean help;

        @Option(
                names = {"-v", "--version"},
                versionHelp = true,
                scope = ScopeType.INHERIT,
                description = "Show the version.")
        private boolean version;
    }

    private static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = CommandTree.class.getPackage().getImplementationVersion();
            return new String[] {"pushjobs " + (version == null ? "(not packaged)" : version)};
        }
    }
}
