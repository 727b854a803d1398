package org.pushjobs.workstation.completion;

import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The words that fit at the end of a command line that is being written. */
final class Words {
    /** Names that only the server or a file knows. */
    interface Names {
        List<String> nodes();

        List<String> jobs();

        List<String> profiles();
    }

    private final Names names;

    Words(Names names) {
        this.names = names;
    }

    /** @param words of the command line, without the program's name; the last one, which may be empty, is to be completed */
    List<String> fitting(CommandLine program, List<String> words) {
        String last = words.isEmpty() ? "" : words.getLast();
        List<String> before = words.isEmpty() ? words : words.subList(0, words.size() - 1);
        CommandSpec command = program.getCommandSpec();
        List<String> positional = new ArrayList<>();
        Optional<OptionSpec> open = Optional.empty();
        for (String word : before) {
            if (open.isPresent()) {
                // bash makes a word of the sign in --option=value
                open = word.equals("=") ? open : Optional.empty();
            } else if (word.startsWith("-")) {
                open = Optional.ofNullable(command.findOption(word))
                        .filter(option -> option.arity().max() > 0);
            } else if (positional.isEmpty() && command.subcommands().containsKey(word)) {
                command = command.subcommands().get(word).getCommandSpec();
            } else {
                positional.add(word);
            }
        }
        String begun = last.equals("=") ? "" : last;
        return candidates(command, open, positional.size(), begun)
                .filter(candidate -> candidate.startsWith(begun))
                .distinct()
                .sorted()
                .toList();
    }

    private Stream<String> candidates(CommandSpec command, Optional<OptionSpec> open, int positional, String begun) {
        if (open.isPresent()) {
            return values(open.get());
        }
        if (begun.startsWith("-")) {
            return command.options().stream().filter(option -> !option.hidden()).map(OptionSpec::longestName);
        }
        if (!command.subcommands().isEmpty()) {
            return positional > 0
                    ? Stream.empty()
                    : command.subcommands().entrySet().stream()
                            .filter(entry -> !entry.getValue()
                                    .getCommandSpec()
                                    .usageMessage()
                                    .hidden())
                            .map(Entry::getKey);
        }
        return command.positionalParameters().stream()
                .filter(parameter -> isAt(parameter, positional))
                .flatMap(this::values);
    }

    private static boolean isAt(PositionalParamSpec parameter, int position) {
        return parameter.index().min() <= position
                && position <= parameter.index().max();
    }

    /** What an argument is for, its label says. */
    private Stream<String> values(ArgSpec argument) {
        return switch (argument.paramLabel()) {
            case "NODE" -> names.nodes().stream();
            case "ID", "JOB" -> Stream.concat(Stream.of("last"), names.jobs().stream());
            case "PROFILE" -> names.profiles().stream();
            default ->
                argument.completionCandidates() == null
                        ? Stream.empty()
                        : StreamSupport.stream(argument.completionCandidates().spliterator(), false);
        };
    }
}
