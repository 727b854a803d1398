package org.pushjobs.workstation.setup;

import java.util.Objects;

/**
 * What was looked at, what was found, and what to do about it.
 *
 * @param remedy empty where nothing is to be done
 */
record Check(String subject, Outcome outcome, String finding, String remedy) {
    /** How it is. */
    enum Outcome {
        OK,
        WARNING,
        FAILED
    }

    Check {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(finding, "finding");
        Objects.requireNonNull(remedy, "remedy");
    }

    static Check ok(String subject, String finding) {
        return new Check(subject, Outcome.OK, finding, "");
    }

    static Check warning(String subject, String finding, String remedy) {
        return new Check(subject, Outcome.WARNING, finding, remedy);
    }

    /** @param message of an exception: what was found, and in further lines what to do */
    static Check failed(String subject, String message) {
        int end = message.indexOf('\n');
        return end < 0
                ? new Check(subject, Outcome.FAILED, message, "")
                : new Check(subject, Outcome.FAILED, message.substring(0, end), message.substring(end + 1));
    }
}
