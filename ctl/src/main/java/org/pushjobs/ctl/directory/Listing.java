package org.pushjobs.ctl.directory;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.pushjobs.ctl.CtlException;

/** What somebody asked for of the server's answer, which has all organisations. */
@FunctionalInterface
interface Listing {
    String ORGANISATION = "organisation: ";
    String USERS = "users: ";
    String CLIENTS = "  clients: ";
    String GROUP = "  group ";
    String NOBODY = "none";

    /**
     * @param given the arguments
     * @param lines of the server
     * @throws CtlException when there is no such thing
     */
    List<String> of(List<String> given, List<String> lines) throws CtlException;

    static Listing everything() {
        return (_, lines) -> lines;
    }

    static Listing organisations() {
        return (_, lines) -> lines.stream()
                .filter(line -> line.startsWith(ORGANISATION))
                .map(line -> firstWord(line, ORGANISATION))
                .toList();
    }

    static Listing organisation() {
        return (given, lines) -> section(given.getFirst(), lines);
    }

    static Listing users() {
        return (_, lines) -> lines.stream()
                .filter(line -> line.startsWith(USERS))
                .flatMap(line -> names(line, USERS))
                .toList();
    }

    static Listing clients() {
        return inOrganisation((_, lines) -> lines.stream()
                .filter(line -> line.startsWith(CLIENTS))
                .flatMap(line -> names(line, CLIENTS))
                .toList());
    }

    static Listing groups() {
        return inOrganisation((_, lines) -> lines.stream()
                .filter(line -> line.startsWith(GROUP))
                .map(line -> firstWord(line, GROUP).replaceFirst(":$", ""))
                .toList());
    }

    static Listing group() {
        return (given, lines) -> {
            List<String> found = section(given.get(0), lines).stream()
                    .filter(line -> line.startsWith(GROUP + given.get(1) + ": "))
                    .map(line -> line.substring(GROUP.length()))
                    .toList();
            if (found.isEmpty()) {
                throw new CtlException("organisation '" + given.get(0) + "' has no group '" + given.get(1) + "'");
            }
            return found;
        };
    }

    private static Listing inOrganisation(BiFunction<List<String>, List<String>, List<String>> part) {
        return (given, lines) -> part.apply(given, section(given.getFirst(), lines));
    }

    private static List<String> section(String organisation, List<String> lines) throws CtlException {
        List<String> section = new ArrayList<>();
        boolean inside = false;
        for (String line : lines) {
            if (!line.startsWith(" ")) {
                inside = line.startsWith(ORGANISATION)
                        && firstWord(line, ORGANISATION).equals(organisation);
            }
            if (inside) {
                section.add(line);
            }
        }
        if (section.isEmpty()) {
            throw new CtlException("there is no organisation '" + organisation + "'");
        }
        return section;
    }

    private static String firstWord(String line, String before) {
        return line.substring(before.length()).split(" ", 2)[0];
    }

    /** Names have no spaces; who is disabled is marked behind his name. */
    private static Stream<String> names(String line, String before) {
        String names = line.substring(before.length()).strip();
        return names.equals(NOBODY) ? Stream.empty() : Stream.of(names.split(" (?!\\(disabled\\))"));
    }
}
