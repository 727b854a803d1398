package org.pushjobs.ctl.directory;

import java.util.List;

/** What there is in a directory. */
public enum Kind {
    ORG("org", "organisations", Verb.OF_ORGANISATIONS),
    USER("user", "users", Verb.OF_USERS),
    CLIENT("client", "clients (nodes)", Verb.OF_CLIENTS),
    GROUP("group", "groups", Verb.OF_GROUPS);

    private final String word;
    private final String plural;
    private final List<Verb> verbs;

    Kind(String word, String plural, List<Verb> verbs) {
        this.word = word;
        this.plural = plural;
        this.verbs = verbs;
    }

    /** On the command line. */
    public String word() {
        return word;
    }

    /** For people. */
    public String plural() {
        return plural;
    }

    List<Verb> verbs() {
        return verbs;
    }

    /** One line for each thing that can be done. */
    public List<String> usage() {
        return verbs.stream().map(verb -> word + " " + verb.usage()).toList();
    }
}
