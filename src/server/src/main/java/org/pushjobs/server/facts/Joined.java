package org.pushjobs.server.facts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * Puts the parts of what was said at once together again. Where one is missing all of it is missing, and its receiver finds that
 * out by the numbers of what comes next. Not thread-safe.
 */
final class Joined<B> {
    /** Of so many senders parts are kept at most; more have not begun to speak in the same moment. */
    static final int MOST_SENDERS = 64;

    private final Function<B, Object> sender;
    private final Function<List<B>, B> join;
    private final SequencedMap<Object, List<B>> begun = new LinkedHashMap<>();

    /** @param sender who has said it, each thing at a time */
    private Joined(Function<B, Object> sender, Function<List<B>, B> join) {
        this.sender = Objects.requireNonNull(sender, "sender");
        this.join = Objects.requireNonNull(join, "join");
    }

    static Joined<Facts> facts() {
        return new Joined<>(Facts::gateway, parts -> {
            Facts first = parts.getFirst();
            return new Facts(
                    first.gateway(),
                    first.epoch(),
                    first.first(),
                    first.whole(),
                    first.listenedMillis(),
                    parts.stream().flatMap(part -> part.facts().stream()).toList());
        });
    }

    static Joined<Orders> orders() {
        return new Joined<>(Orders::epoch, parts -> {
            Orders first = parts.getFirst();
            return new Orders(
                    first.epoch(),
                    first.gateway(),
                    first.first(),
                    first.heard(),
                    parts.stream().flatMap(part -> part.orders().stream()).toList());
        });
    }

    /** The whole, when this was its last part. */
    Optional<B> add(Part<B> part) {
        if (part.index() == 0 && part.isLast() && begun.isEmpty()) {
            return Optional.of(part.batch());
        }
        Object from = sender.apply(part.batch());
        List<B> before = Optional.ofNullable(begun.remove(from)).orElseGet(List::of);
        if (part.index() == 0) {
            before = new ArrayList<>();
        } else if (before.size() != part.index()) {
            return Optional.empty();
        }
        before.add(part.batch());
        if (part.isLast()) {
            return Optional.of(join.apply(before));
        }
        begun.put(from, before);
        if (begun.size() > MOST_SENDERS) {
            begun.pollFirstEntry();
        }
        return Optional.empty();
    }
}
