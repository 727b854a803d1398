package org.pushjobs.server.store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.store.HostAnswer.Writable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several hosts of a database, of which the one that takes writes is used, by {@link HostChoice}. Each change is logged once,
 * with its reason.
 */
final class ReplicatedHosts implements DatabaseHost {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicatedHosts.class);

    private final DatabaseConfig.Replicated config;
    private final HostSearch search;
    private final Consumer<MoveReason> moves;
    private volatile Optional<Writable> used = Optional.empty();
    private volatile Optional<Move> last = Optional.empty();
    private Departure departure = new Departure(MoveReason.CONNECTION_LOST, "", System.nanoTime());

    /** @param nanos when the host was given up, as {@link System#nanoTime} */
    private record Departure(MoveReason reason, String why, long nanos) {}

    private record Move(int number, MoveReason reason, long nanos) {}

    /** @param moves gets told of each change, on the context of {@link #find} */
    ReplicatedHosts(Vertx vertx, DatabaseConfig.Replicated config, Consumer<MoveReason> moves) {
        this.config = Objects.requireNonNull(config, "config");
        this.search = new HostSearch(vertx, config.hosts());
        this.moves = Objects.requireNonNull(moves, "moves");
    }

    @Override
    public Future<DatabaseConfig.External> find(Context context) {
        HostChoice choice = new HostChoice(used);
        return search.ask(choice::isEnough).compose(answers -> {
            String explained = choice.explain(answers);
            Optional<Writable> chosen = choice.of(answers);
            chosen.ifPresent(found -> use(found, explained));
            return chosen.map(Writable::host)
                    .map(Future::succeededFuture)
                    .orElseGet(() -> Future.failedFuture(new NoWritableHostException(answers, explained)));
        });
    }

    private void use(Writable found, String explained) {
        Optional<Writable> before = used;
        used = Optional.of(found);
        before.filter(host -> !host.host().equals(found.host())).ifPresent(host -> {
            long now = System.nanoTime();
            last = Optional.of(new Move(moveCount() + 1, departure.reason(), now));
            LOG.warn(
                    "the database is on another host now [host: {}, timeline: {}, before: {}, timeline before: {}, reason: {},"
                            + " cause: {}, given up: {} ms ago, answers: {}]",
                    found.host().address(),
                    found.timeline(),
                    host.host().address(),
                    host.timeline(),
                    departure.reason().label(),
                    departure.why(),
                    Duration.ofNanos(now - departure.nanos()).toMillis(),
                    explained);
            moves.accept(departure.reason());
        });
    }

    private int moveCount() {
        return last.map(Move::number).orElse(0);
    }

    /** The host that is used was given up; the next {@link #find} may find another one. */
    void left(MoveReason reason, String why) {
        departure = new Departure(reason, why, System.nanoTime());
    }

    /**
     * Whether another host than the one that is used is to be used now. One that merely has not answered is no reason: there
     * has to be a better one.
     */
    Future<Boolean> isElsewhere() {
        HostChoice choice = new HostChoice(used);
        return search.ask(choice::isEnough)
                // where something has changed meanwhile the hosts have been searched anyway
                .map(answers -> choice.used().equals(used)
                        && choice.of(answers)
                                .filter(chosen -> !choice.isUsed(chosen))
                                .isPresent());
    }

    /** Which host is used, how often that changed and why last, for people. */
    String description() {
        return used.map(host -> host.host().address() + ", timeline " + host.timeline())
                        .orElse("none yet") + ", changes: "
                + moveCount()
                + last.map(move -> ", the last "
                                + Duration.ofNanos(System.nanoTime() - move.nanos())
                                        .toSeconds() + " s ago: "
                                + move.reason().label())
                        .orElse("");
    }

    @Override
    public boolean isOtherMachine(DatabaseConfig.External found) {
        return !ThisMachine.is(found.host());
    }

    @Override
    public List<String> names() {
        return config.hosts().stream().map(DatabaseConfig.External::address).toList();
    }

    @Override
    public String name(DatabaseConfig.External found) {
        return found.address();
    }

    @Override
    public void close() {
        // They go on without us.
    }

    @Override
    public String toString() {
        return config + ", used: " + description();
    }
}
