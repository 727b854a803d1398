package org.pushjobs.agent.settings;

import java.util.List;

/** The settings cannot be used; all that is wrong with them is told at once. */
public final class InvalidSettingsException extends AgentException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    InvalidSettingsException(List<String> problems) {
        super("the settings cannot be used, " + problems.size()
                + (problems.size() == 1 ? " of them is" : " of them are") + " wrong:\n  "
                + String.join("\n  ", problems));
        this.problems = List.copyOf(problems);
    }

    /** One line per problem, each naming the file or option, the key and the value. */
    public List<String> problems() {
        return problems;
    }
}
