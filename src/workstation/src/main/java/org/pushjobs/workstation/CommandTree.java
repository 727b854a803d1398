package org.pushjobs.workstation;

import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.pushjobs.workstation.job.ExitRule;
import org.pushjobs.workstation.job.JobAbort;
import org.pushjobs.workstation.job.JobCommands;
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
import picocli.CommandLine;
import picocli.CommandLine.Command;
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
        job.put("status", () -> new JobStatus(screen, connector));
        job.put("list", () -> new JobList(screen, connector));
        job.put("output", () -> new JobOutput(screen, connector, clock, pause));
        job.put("watch", () -> new JobWatch(connector, surroundings));
        job.put("abort", () -> new JobAbort(screen, connector));
        groups.put("job", job);
        groups.put("node", Map.of("status", () -> new NodeStatus(screen, connector)));
    }

    /** Runs the command that the arguments name, also with knife's {@code push jobs} in front; returns the exit code. */
    int run(String... arguments) {
        boolean knifeGroup = arguments.length > 1 && arguments[0].equals("push") && arguments[1].equals("jobs");
        List<String> command = List.of(arguments).subList(knifeGroup ? 2 : 0, arguments.length);
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

    private CommandLine tree(List<String> arguments) {
        CommandLine root = new CommandLine(new Root()).setCommandName(name);
        String group = arguments.isEmpty() ? "" : arguments.getFirst();
        String command = arguments.size() < 2 ? "" : arguments.get(1);
        if (groups.getOrDefault(group, Map.of()).containsKey(command)) {
            root.addSubcommand(group(group, Map.of(command, groups.get(group).get(command))));
        } else {
            groups.forEach((word, commands) -> root.addSubcommand(group(word, commands)));
            root.addSubcommand(new Completion(screen));
        }
        return root.setExpandAtFiles(false)
                .registerConverter(Quorum.class, CommandTree::quorum)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setOut(new PrintWriter(screen.out(), true))
                .setErr(new PrintWriter(screen.err(), true))
                .setExecutionStrategy(this::execute)
                .setParameterExceptionHandler((e, _) -> wrongUsage(e))
                .setExecutionExceptionHandler((e, line, _) -> failed(e, line));
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

    private int wrongUsage(ParameterException e) {
        screen.err().println("ERROR: " + e.getMessage());
        screen.err().println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }

    private int failed(Exception e, CommandLine command) throws Exception {
        return switch (e) {
            case InvalidSettingsException _ -> wrongUsage(new ParameterException(command, e.getMessage(), e));
            case ServerFailure failure -> {
                screen.err().println("ERROR: " + e.getMessage());
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
                "  pushjobs job list --limit 20",
                "  pushjobs job start --help"
            })
    private static final class Root {
        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                scope = ScopeType.INHERIT,
                description = "Show this help.")
        private boolean help;

        @Option(names = "--version", versionHelp = true, description = "Show the version.")
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
