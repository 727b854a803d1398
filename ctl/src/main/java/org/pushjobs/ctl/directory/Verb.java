package org.pushjobs.ctl.directory;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What can be done with one kind of things.
 *
 * @param name on the command line
 * @param arguments that have to be given, in their order
 * @param options that may follow, for people
 * @param words of the server's command line for the arguments
 * @param key where the name of a file for a new key comes from; empty where no key is made
 * @param shown what of the server's answer is shown
 */
record Verb(
        String name,
        List<String> arguments,
        String options,
        Function<List<String>, List<String>> words,
        Optional<Function<List<String>, String>> key,
        Listing shown) {
    private static final String ORG = "ORG";
    private static final String NAME = "NAME";
    private static final String KEY = "KEY";
    private static final String GROUP = "GROUP";
    private static final String CONFIRM = "[--confirm]";
    private static final String KEY_FILE = "[--key-out FILE | --public-key FILE]";
    private static final String MEMBER = "(--user|--client|--group) NAME ";

    Verb {
        arguments = List.copyOf(arguments);
        Objects.requireNonNull(options, "options");
    }

    static final List<Verb> OF_ORGANISATIONS = List.of(
            list("list", List.of(), Listing.organisations()),
            list("show", List.of(ORG), Listing.organisation()),
            plain("create", List.of(ORG), "", "org-create"),
            plain("delete", List.of(ORG), "[--abandon-jobs] " + CONFIRM, "org-delete"),
            plain("add-user", List.of(ORG, NAME), "[--admin]", "org-user-add"),
            plain("remove-user", List.of(ORG, NAME), CONFIRM, "org-user-remove"));

    static final List<Verb> OF_USERS = List.of(
            list("list", List.of(), Listing.users()),
            new Verb(
                    "show",
                    List.of(NAME),
                    "",
                    given -> List.of("key-list", "--user", given.getFirst()),
                    Optional.empty(),
                    Listing.everything()),
            new Verb(
                    "create",
                    List.of(NAME),
                    "[--org ORG [--admin]] " + KEY_FILE,
                    given -> List.of("user-create", given.getFirst()),
                    Optional.of(List::getFirst),
                    Listing.everything()),
            plain("delete", List.of(NAME), CONFIRM, "user-delete"),
            plain("disable", List.of(NAME), CONFIRM, "user-disable"),
            plain("enable", List.of(NAME), "", "user-enable"),
            userKey("add-key", "[--expires TIME] " + KEY_FILE, "key-add", newKeyOfUser()),
            userKey("rotate-key", "[--old-until TIME] " + KEY_FILE, "key-rotate", newKeyOfUser()),
            userKey("remove-key", CONFIRM, "key-remove", Optional.empty()),
            userKey("expire-key", "[--at TIME] " + CONFIRM, "key-expire", Optional.empty()));

    static final List<Verb> OF_CLIENTS = List.of(
            list("list", List.of(ORG), Listing.clients()),
            new Verb(
                    "show",
                    List.of(ORG, NAME),
                    "",
                    given -> List.of("key-list", "--client", client(given)),
                    Optional.empty(),
                    Listing.everything()),
            new Verb(
                    "create",
                    List.of(ORG, NAME),
                    KEY_FILE,
                    given -> List.of("client-create", given.get(0), given.get(1)),
                    Optional.of(given -> given.get(1)),
                    Listing.everything()),
            plain("delete", List.of(ORG, NAME), CONFIRM, "client-delete"),
            plain("disable", List.of(ORG, NAME), CONFIRM, "client-disable"),
            plain("enable", List.of(ORG, NAME), "", "client-enable"),
            clientKey("add-key", "[--expires TIME] " + KEY_FILE, "key-add", newKeyOfClient()),
            clientKey("rotate-key", "[--old-until TIME] " + KEY_FILE, "key-rotate", newKeyOfClient()),
            clientKey("remove-key", CONFIRM, "key-remove", Optional.empty()),
            clientKey("expire-key", "[--at TIME] " + CONFIRM, "key-expire", Optional.empty()));

    static final List<Verb> OF_GROUPS = List.of(
            list("list", List.of(ORG), Listing.groups()),
            list("show", List.of(ORG, GROUP), Listing.group()),
            plain("create", List.of(ORG, GROUP), MEMBER, "group-add"),
            plain("add", List.of(ORG, GROUP), MEMBER, "group-add"),
            plain("remove", List.of(ORG, GROUP), MEMBER + CONFIRM, "group-remove"),
            plain("delete", List.of(ORG, GROUP), CONFIRM, "group-delete"));

    private static Verb list(String name, List<String> arguments, Listing shown) {
        return new Verb(name, arguments, "", _ -> List.of("list"), Optional.empty(), shown);
    }

    private static Verb plain(String name, List<String> arguments, String options, String word) {
        return new Verb(
                name,
                arguments,
                options,
                given -> Stream.concat(Stream.of(word), given.stream()).toList(),
                Optional.empty(),
                Listing.everything());
    }

    private static Verb userKey(
            String name, String options, String word, Optional<Function<List<String>, String>> key) {
        return new Verb(
                name,
                List.of(NAME, KEY),
                options,
                given -> List.of(word, given.get(1), "--user", given.get(0)),
                key,
                Listing.everything());
    }

    private static Verb clientKey(
            String name, String options, String word, Optional<Function<List<String>, String>> key) {
        return new Verb(
                name,
                List.of(ORG, NAME, KEY),
                options,
                given -> List.of(word, given.get(2), "--client", client(given)),
                key,
                Listing.everything());
    }

    private static Optional<Function<List<String>, String>> newKeyOfUser() {
        return Optional.of(given -> given.get(0) + "-" + given.get(1));
    }

    private static Optional<Function<List<String>, String>> newKeyOfClient() {
        return Optional.of(given -> given.get(1) + "-" + given.get(2));
    }

    private static String client(List<String> given) {
        return given.get(0) + "/" + given.get(1);
    }

    /** {@code create NAME [--org ORG]}. */
    String usage() {
        return String.join(
                        " ",
                        Stream.of(List.of(name), arguments, List.of(options))
                                .flatMap(List::stream)
                                .toList())
                .strip();
    }
}
