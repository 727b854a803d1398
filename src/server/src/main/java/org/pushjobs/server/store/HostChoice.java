package org.pushjobs.server.store;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pushjobs.server.store.HostAnswer.Failed;
import org.pushjobs.server.store.HostAnswer.ReadOnly;
import org.pushjobs.server.store.HostAnswer.Writable;

/**
 * Which of several hosts of a database is used: of those that take writes the one with the highest timeline. A host that was
 * replaced and comes back takes writes, too, and nobody else has them; so there is no way back to a lower timeline than that
 * of the host that was used last, nor to another PostgreSQL cluster, whose timelines say nothing.
 *
 * @param used last; empty in the beginning
 */
record HostChoice(Optional<Writable> used) {
    /**
     * The host to use. Of two with one timeline, which are one server by two names or have been made writable by hand, the one
     * that is used is kept, or else the first one taken.
     *
     * @param answers in the order of the configuration
     */
    Optional<Writable> of(List<HostAnswer> answers) {
        Optional<Long> system = used.or(() -> writable(answers).findFirst()).map(Writable::system);
        return writable(answers)
                .filter(answer -> answer.system() == system.orElseThrow() && !isOlder(answer))
                .max(Comparator.comparingLong(Writable::timeline).thenComparing(this::isUsed));
    }

    /** Whether the others need not be waited for: it has replaced the host that was used. */
    boolean isEnough(HostAnswer answer) {
        return answer instanceof Writable found
                && used.filter(last -> last.system() == found.system() && last.timeline() < found.timeline())
                        .isPresent();
    }

    private static Stream<Writable> writable(List<HostAnswer> answers) {
        return answers.stream().filter(Writable.class::isInstance).map(Writable.class::cast);
    }

    private boolean isOlder(Writable answer) {
        return used.filter(last -> answer.timeline() < last.timeline()).isPresent();
    }

    /** Whether it is of the host that was used last. */
    boolean isUsed(Writable answer) {
        return used.filter(last -> last.host().equals(answer.host())).isPresent();
    }

    /** What each of them said, for the log. */
    String explain(List<HostAnswer> answers) {
        return answers.stream()
                .map(answer -> answer.host().address() + " " + explain(answer))
                .collect(Collectors.joining("; "));
    }

    private String explain(HostAnswer answer) {
        return switch (answer) {
            case Failed(var _, Throwable cause) -> "does not answer: " + cause.getMessage();
            case ReadOnly _ -> "takes no writes";
            case Writable found
            when used.filter(last -> last.system() != found.system()).isPresent() ->
                "is another PostgreSQL cluster than the one that was used, and no replica of it";
            case Writable found
            when isOlder(found) ->
                "was replaced: it has timeline " + found.timeline() + ", the host that was used last "
                        + used.orElseThrow().timeline();
            case Writable found -> "takes writes, with timeline " + found.timeline();
        };
    }
}
