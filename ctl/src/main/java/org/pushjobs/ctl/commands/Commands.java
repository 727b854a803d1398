package org.pushjobs.ctl.commands;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.directory.Kind;
import org.pushjobs.ctl.service.Verb;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * All commands, and how one is found and run. Texts and exit statuses are those of the original's program: 1 for a command
 * that is not known or fails, 2 for arguments that are not taken.
 */
public final class Commands {
    /** The program's name in texts. */
    public static final String PROGRAM = "opscode-push-jobs-server-ctl";

    private static final int FAILED = 1;
    private static final int WRONG_ARGUMENTS = 2;

    private final Machine machine;
    private final List<CtlCommand> all = new ArrayList<>();

    public Commands(Machine machine) {
        this.machine = machine;
        all.add(new ReconfigureCommand(machine));
        all.add(new DoctorCommand(machine));
        all.add(new TestCommand(machine));
        all.add(new RotateKeysCommand(machine));
        all.add(new BackupCommand(machine));
        all.add(new RestoreCommand(machine));
        all.add(new MigrateStatusCommand(machine));
        all.add(new PsqlCommand(machine));
        all.add(new JobsCommand(machine));
        all.add(new ShowConfigCommand(machine));
        all.add(new CleanseCommand(machine));
        all.add(new UninstallCommand(machine));
        all.add(new VersionCommand(machine));
        all.add(new HelpCommand(machine, all));
        all.add(new ServiceListCommand(machine));
        Stream.of(Verb.values()).map(verb -> new ServiceCommand(machine, verb)).forEach(all::add);
        Stream.of(ClusterVerb.values())
                .map(verb -> new ClusterCommand(machine, verb))
                .forEach(all::add);
        Stream.of(Kind.values())
                .map(kind -> new DirectoryCommand(machine, kind))
                .forEach(all::add);
        all.add(new GracefulKillCommand(machine));
        all.add(new TailCommand(machine));
        all.sort(Comparator.comparing((CtlCommand command) -> command.about().category())
                .thenComparing(command -> command.about().name()));
    }

    /** @return the exit status */
    public int run(String... arguments) {
        try {
            return dispatch(arguments);
        } catch (CtlException e) {
            e.problems().forEach(machine.err()::println);
            return FAILED;
        } catch (UncheckedIOException e) {
            machine.err().println(e.getMessage());
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        } finally {
            machine.out().flush();
            machine.err().flush();
        }
    }

    private int dispatch(String... arguments) throws CtlException, InterruptedException {
        List<String> words = Arrays.asList(arguments);
        Optional<CtlCommand> found = words.stream().findFirst().flatMap(this::find);
        if (found.isEmpty()) {
            return unknown(words);
        }
        CtlCommand command = found.get();
        String[] rest = words.subList(1, words.size()).toArray(String[]::new);
        CommandLine line = new CommandLine(CommandSpec.forAnnotatedObject(command)
                .name(PROGRAM + " " + command.about().name())
                .mixinStandardHelpOptions(false));
        line.setUnmatchedOptionsArePositionalParams(command.about().arguments() == CtlCommand.Arguments.PASSED_ON);
        try {
            line.parseArgs(rest);
        } catch (ParameterException e) {
            machine.err()
                    .println(
                            command.about().arguments() == CtlCommand.Arguments.NONE
                                    ? "The command " + command.about().name() + " does not accept any arguments"
                                    : e.getMessage());
            return WRONG_ARGUMENTS;
        }
        return command.run();
    }

    private Optional<CtlCommand> find(String name) {
        String known = switch (name) {
            case "--help", "-h" -> "help";
            case "--version" -> "version";
            default -> name;
        };
        return all.stream()
                .filter(command -> command.about().name().equals(known))
                .findFirst();
    }

    private int unknown(List<String> words) throws CtlException, InterruptedException {
        machine.out().println("I don't know that command.");
        if (words.size() == 2) {
            machine.out().println("Did you mean: " + PROGRAM + " " + words.get(1) + " " + words.getFirst() + "?");
        }
        new HelpCommand(machine, all).run();
        return FAILED;
    }
}
