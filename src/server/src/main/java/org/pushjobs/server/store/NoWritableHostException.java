package org.pushjobs.server.store;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** None of several hosts of a database can be used; the message says why each of them cannot. */
final class NoWritableHostException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean someoneAnswers;

    /** @param explained what they say, in words */
    NoWritableHostException(List<HostAnswer> answers, String explained) {
        super(Objects.requireNonNull(explained, "explained"), failure(answers).orElse(null));
        this.someoneAnswers = failure(answers).isEmpty();
    }

    /** Empty where a host could be asked: what the others lack is not the reason then. */
    private static Optional<Throwable> failure(List<HostAnswer> answers) {
        return answers.stream().allMatch(HostAnswer.Failed.class::isInstance)
                ? answers.stream()
                        .map(HostAnswer.Failed.class::cast)
                        .map(HostAnswer.Failed::cause)
                        .findFirst()
                : Optional.empty();
    }

    /** Whether it is the database itself that takes no writes, as far as it can be asked. */
    boolean someoneAnswers() {
        return someoneAnswers;
    }
}
