package org.pushjobs.workstation;

import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.pushjobs.workstation.job.JobAbort;
import org.pushjobs.workstation.job.JobCommands;
import org.pushjobs.workstation.job.JobList;
import org.pushjobs.workstation.job.JobOutput;
import org.pushjobs.workstation.job.JobStart;
import org.pushjobs.workstation.job.JobStatus;
import org.pushjobs.workstation.job.JobWatch;
import org.pushjobs.workstation.job.Pause;
import org.pushjobs.workstation.job.Quorum;
import org.pushjobs.workstation.node.NodeCommands;
import org.pushjobs.workstation.node.NodeStatus;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.Interruption;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/**
 * All commands, and what their failures mean for the exit code. Only the command that is called is made where the arguments
 * begin with its name: making all of them takes longer than most commands run.
 */
final class CommandTree {
    private final String name;
    private final Screen screen;
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
        Map<String, Supplier<Object>> job = new LinkedHashMap<>();
        job.put("start", () -> new JobStart(screen, connector, clock, pause, interruption));
        job.put("status", () -> new JobStatus(screen, connector));
        job.put("list", () -> new JobList(screen, connector));
        job.put("output", () -> new JobOutput(screen, connector, clock, pause));
        job.put("watch", () -> new JobWatch(screen, connector, clock, pause));
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
        return root.registerConverter(Quorum.class, CommandTree::quorum)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setOut(new PrintWriter(screen.out(), true))
                .setErr(new PrintWriter(screen.err(), true))
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
            case ServerFailure _ -> {
                screen.err().println("ERROR: " + e.getMessage());
                yield CommandLine.ExitCode.SOFTWARE;
            }
            default -> throw e;
        };
    }

    @Command(
            name = "pushjobs",
            synopsisSubcommandLabel = "COMMAND",
            description = "Runs commands on many nodes at once, decided by quorum.",
            versionProvider = Version.class,
            scope = ScopeType.INHERIT,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:All is well; for a job waited for: it is complete and every node succeeded, refused or was"
                        + " unavailable.",
                "1:The job ended otherwise, the server refused the request, or it cannot be reached.",
                "2:The command line or the settings are wrong.",
                "130:Ended by Ctrl-C; a job that was waited for goes on."
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
