package org.pushjobs.agent.execution;

import java.util.Locale;
import java.util.Objects;

/**
 * Why this node does not take a job.
 *
 * @param kind for programs
 * @param text for people: what was wrong, with the value; only the beginning of a text of more than 1,000 characters is kept
 */
public record Refusal(Kind kind, String text) {
    private static final int MAX_TEXT_LENGTH = 1_000;

    /** The kinds of refusals. */
    public enum Kind {
        /** Another job is in hand, or its result is not sent yet. */
        BUSY,
        /** The server counts as away. */
        SERVER_AWAY,
        /** The whitelist has nothing for the command. */
        NOT_WHITELISTED,
        /** The job's user does not exist here, or the agent may not become it. */
        NO_SUCH_USER,
        /** The job's directory does not exist here. */
        NO_SUCH_DIRECTORY,
        /** The message that asks for the job is larger than what this agent takes. */
        TOO_LARGE,
        /** The message that asks for the job lacks something, or has something in it that is of the wrong kind. */
        BAD_MESSAGE,
        /** The command line cannot be given to a program as it is. */
        BAD_COMMAND,
        /** A variable's name or value cannot be used. */
        BAD_ENVIRONMENT,
        /** The job's file cannot be decoded. */
        BAD_FILE,
        /** Somebody holds the lock that the whitelist asks for. */
        LOCKED,
        /** Nothing can be written to the agent's {@code file_dir}, or another agent uses it. */
        FILE_DIR_UNUSABLE,
        /** Something unforeseen went wrong while the agent looked whether it can run the job. */
        PREPARATION_FAILED,
        /** Told to run a job that it has not committed to. */
        NOT_COMMITTED,
        /** The command could not be started. */
        START_FAILED,
        /** The agent stops. */
        STOPPING;

        /** The name in messages: {@code not_whitelisted} and so on. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Refusal {
        Objects.requireNonNull(kind, "kind");
        text = shortened(text);
    }

    /** It may hold what the job says, and the message that carries it has to stay small. */
    private static String shortened(String text) {
        if (text.length() <= MAX_TEXT_LENGTH) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_TEXT_LENGTH - 1)) ? MAX_TEXT_LENGTH - 1 : MAX_TEXT_LENGTH;
        return text.substring(0, end) + "... (" + text.length() + " characters)";
    }
}
