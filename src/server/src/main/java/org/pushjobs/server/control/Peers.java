package org.pushjobs.server.control;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.bus.Registrations;
import org.pushjobs.server.bus.WireCodec;
import org.pushjobs.server.bus.WireCodecs;
import org.pushjobs.server.cluster.Member;
import org.pushjobs.server.cluster.MemberInfo;
import org.pushjobs.server.cluster.Members;
import org.pushjobs.server.store.Lease;
import org.pushjobs.server.store.Leases;

/**
 * What the servers of a cluster ask each other and have each other do, over the bus: each has addresses of its own. A server that
 * is alone has none. Usable from any thread.
 */
final class Peers {
    /** What a server says of itself is there within a second. */
    private static final long STATE_MILLIS = 2_000;

    /** What happened is stored within 4 s, and giving the lease back takes one more. */
    private static final long HAND_OVER_MILLIS = 8_000;

    /** To ask all, to have the jobs handed over, and to get them. */
    static final long TAKE_OVER_MILLIS = 25_000;

    /** Whoever asks too early asks again. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final String ALONE = "alone";

    private final Vertx vertx;
    private final MemberInfo own;
    private final Optional<Members> members;
    private final ThisServer self;
    private final Leases leases;

    /**
     * @param own what this process told when it joined, if it has
     * @param members empty for a process that is alone
     */
    Peers(Vertx vertx, MemberInfo own, Optional<Members> members, ThisServer self, Leases leases) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.own = Objects.requireNonNull(own, "own");
        this.members = Objects.requireNonNull(members, "members");
        this.self = Objects.requireNonNull(self, "self");
        this.leases = Objects.requireNonNull(leases, "leases");
    }

    private static String address(String nodeId, String what) {
        return "pushjobs.member." + nodeId + "." + what;
    }

    private static String state(String nodeId) {
        return address(nodeId, "state");
    }

    private static String handOver(String nodeId) {
        return address(nodeId, "hand-over");
    }

    private static String takeOver(String nodeId) {
        return address(nodeId, "take-over");
    }

    // ---- what others ask this one

    /**
     * From now on it answers, on the context that calls this.
     *
     * @param handOver gives the lease to who is named
     * @param takeOver gets it
     * @return done when others know of it, or could not be told
     */
    Future<Void> listen(Function<String, Future<Void>> handOver, Supplier<Future<String>> takeOver) {
        return members.map(Members::self)
                .map(id -> Registrations.settled(
                        "what other servers ask it",
                        PATIENCE,
                        List.of(
                                answer(state(id), _ -> self.state(), ControlFormats.STATE),
                                answer(handOver(id), to -> handOver.apply(to).map(""), WireCodecs.TEXT),
                                answer(takeOver(id), _ -> takeOver.get(), WireCodecs.TEXT))))
                .orElse(Future.succeededFuture());
    }

    private <A> MessageConsumer<Object> answer(
            String address, Function<String, Future<A>> action, WireCodec<A> answers) {
        return WireCodecs.TEXT.consumer(
                vertx,
                address,
                (message, who) -> action.apply(who)
                        .onSuccess(answer -> answers.reply(message, answer))
                        .onFailure(failure -> refuse(message, failure)));
    }

    private static void refuse(Message<Object> message, Throwable failure) {
        int status = failure instanceof ServerException refusal ? refusal.status() : 500;
        message.fail(status, String.valueOf(failure.getMessage()));
    }

    // ---- what this one asks others

    /** Asks all, and the database. Never fails; who does not answer within 2 s, does not. */
    Future<ClusterState> look() {
        Future<Optional<Lease>> lease = leases.current().map(Optional::of).otherwise(Optional.empty());
        List<Future<Seen>> servers = members.map(known -> known.all().stream()
                        .map(member -> ask(member, member.nodeId().equals(known.self())))
                        .toList())
                .orElseGet(() ->
                        List.of(self.state().map(state -> new Seen(ALONE, ALONE, own, true, Optional.of(state)))));
        return Future.all(servers)
                .compose(_ -> lease)
                .map(found -> new ClusterState(
                        found,
                        servers.stream().map(Future::result).toList(),
                        members.map(Members::expected).orElse(1)));
    }

    private Future<Seen> ask(Member member, boolean isSelf) {
        Future<MemberState> state = isSelf
                ? self.state()
                : WireCodecs.TEXT.request(vertx, state(member.nodeId()), "", ControlFormats.STATE, STATE_MILLIS);
        return state.map(Optional::of)
                .otherwise(Optional.empty())
                .map(answer -> new Seen(member.nodeId(), member.address(), member.info(), isSelf, answer));
    }

    /** Has the server that runs the jobs give the lease back for this one. */
    Future<Void> askToHandOver(Seen active, Seen to) {
        return request(handOver(active.nodeId()), to.shown(), HAND_OVER_MILLIS, active)
                .mapEmpty();
    }

    /** Has another server take the jobs from this one. */
    Future<String> askToTakeOver(Seen next) {
        return request(takeOver(next.nodeId()), "", TAKE_OVER_MILLIS, next);
    }

    private Future<String> request(String address, String question, long millis, Seen whom) {
        return WireCodecs.TEXT
                .request(vertx, address, question, WireCodecs.TEXT, millis)
                .recover(failure -> Future.failedFuture(explained(failure, millis, whom)));
    }

    private static ServerException explained(Throwable failure, long millis, Seen whom) {
        String name = whom.shown();
        if (!(failure instanceof ReplyException reply)) {
            return new ServerException(500, name + ": " + failure.getMessage());
        }
        return switch (reply.failureType()) {
            case TIMEOUT ->
                new ServerException(
                        504,
                        name + " has not answered within " + millis / 1_000 + " s; it may hang: look at its log, and if"
                                + " it does, kill it, and another server takes over when its lease has run out");
            case NO_HANDLERS ->
                new ServerException(
                        409, name + " does not know the request: it is starting or stopping, or of an older version");
            case RECIPIENT_FAILURE, ERROR -> new ServerException(409, name + ": " + reply.getMessage());
        };
    }
}
