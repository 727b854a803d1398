package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.bus.Registrations;
import org.pushjobs.server.bus.WireCodec;
import org.pushjobs.server.bus.WireCodecs;
import org.pushjobs.server.facts.LinesOverBus;
import org.pushjobs.server.jobs.directory.NodeDirectory;
import org.pushjobs.server.nodes.NodeCodecs;
import org.pushjobs.server.nodes.NodeQuery;
import org.pushjobs.server.nodes.NodeStatesOverBus;
import org.pushjobs.server.time.Schedule;

/**
 * Connects a {@link Term} to the event bus: what gateways state, and what {@link JobsOverBus} and {@link NodeStatesOverBus} ask,
 * at addresses that carry the epoch, so that nothing that is meant for one term comes to another. Belongs to the term's event
 * loop.
 */
public final class TermOverBus {
    /** For so long other processes may not know that it is over. */
    private static final long AFTERMATH_MILLIS = 5_000;

    /** Whoever hears of the term too early asks again within a second or two. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Vertx vertx;
    private final Schedule schedule;
    private final Term term;
    private final BooleanSupplier holdsLease;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();

    /** @param holdsLease asked before anything is answered */
    public TermOverBus(Vertx vertx, Schedule schedule, Term term, BooleanSupplier holdsLease) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.schedule = Objects.requireNonNull(schedule, "schedule");
        this.term = Objects.requireNonNull(term, "term");
        this.holdsLease = Objects.requireNonNull(holdsLease, "holdsLease");
    }

    static String starts(long epoch) {
        return "pushjobs.jobs." + epoch + ".starts";
    }

    static String aborts(long epoch) {
        return "pushjobs.jobs." + epoch + ".aborts";
    }

    static String liveIds(long epoch) {
        return "pushjobs.jobs." + epoch + ".live-ids";
    }

    static String storeLag(long epoch) {
        return "pushjobs.jobs." + epoch + ".store-lag";
    }

    /**
     * From now on the term hears.
     *
     * @return done when other processes can reach it, too, or soon after
     */
    public Future<Void> open() {
        long epoch = term.epoch();
        consumers.add(LinesOverBus.facts(vertx, epoch, term::arrived));
        answer(
                JobCodecs.START,
                starts(epoch),
                ifNotLast((message, request) -> reply(message, term.start(request), WireCodecs.TEXT)));
        answer(
                JobCodecs.ABORT,
                aborts(epoch),
                ifNotLast((message, request) -> reply(message, term.abort(request), JobCodecs.STATUS)));
        answer(WireCodecs.TEXT, liveIds(epoch), (message, _) -> WireCodecs.TEXTS.reply(message, term.liveIds()));
        answer(WireCodecs.TEXT, storeLag(epoch), (message, _) -> WireCodecs.DURATION.reply(message, term.storeLag()));
        answer(NodeCodecs.QUERY, NodeStatesOverBus.questionsOf(epoch), this::reply);
        return Registrations.settled("term " + epoch, PATIENCE, consumers);
    }

    private <Q> void answer(WireCodec<Q> questions, String address, BiConsumer<Message<Object>, Q> handler) {
        consumers.add(questions.consumer(vertx, address, (message, question) -> {
            if (holdsLease.getAsBoolean()) {
                handler.accept(message, question);
            } else {
                Refusal.notTaken(message);
            }
        }));
    }

    /** What comes when the term is about to end is for the next one. */
    private <Q> BiConsumer<Message<Object>, Q> ifNotLast(BiConsumer<Message<Object>, Q> handler) {
        return (message, question) -> {
            if (term.isStopping()) {
                Refusal.notTaken(message);
            } else {
                handler.accept(message, question);
            }
        };
    }

    private static <A> void reply(Message<?> message, Future<A> answer, WireCodec<A> answers) {
        answer.onSuccess(found -> answers.reply(message, found)).onFailure(failure -> Refusal.reply(message, failure));
    }

    private void reply(Message<?> message, NodeQuery query) {
        NodeDirectory nodes = term.nodes();
        switch (query) {
            case NodeQuery.OfOrganisation(String orgGuid) -> NodeCodecs.STATES.reply(message, nodes.list(orgGuid));
            case NodeQuery.OfNode(NodeRef node) ->
                NodeCodecs.STATES.reply(message, nodes.find(node).stream().toList());
            case NodeQuery.Count _ -> WireCodecs.NUMBER.reply(message, nodes.count());
            case NodeQuery.GatewaysOf(NodeRef node) -> WireCodecs.TEXTS.reply(message, gatewaysOf(node));
            case NodeQuery.Gateways _ -> WireCodecs.TEXTS.reply(message, nodes.gateways());
        }
    }

    /** Of a node that is away any of them may know something. */
    private List<String> gatewaysOf(NodeRef node) {
        Optional<String> having = term.nodes().gatewayOf(node);
        return having.map(List::of).orElseGet(term.nodes()::gateways);
    }

    /**
     * The term is over. What other processes still ask it is refused for a while, or they would wait in vain: nobody tells them that
     * it is not there.
     */
    public void close() {
        schedule.after(AFTERMATH_MILLIS, () -> consumers.forEach(MessageConsumer::unregister));
    }
}
