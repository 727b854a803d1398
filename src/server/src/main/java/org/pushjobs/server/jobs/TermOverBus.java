package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.bus.LocalCodec;
import org.pushjobs.server.facts.Facts;
import org.pushjobs.server.facts.LinesOverBus;
import org.pushjobs.server.jobs.directory.NodeDirectory;
import org.pushjobs.server.nodes.NodeQuery;
import org.pushjobs.server.nodes.NodeStatesOverBus;

/**
 * Connects a {@link Term} to the event bus: what gateways state, and what {@link JobsOverBus} and {@link NodeStatesOverBus} ask,
 * at addresses that carry the epoch, so that nothing that is meant for one term comes to another. Belongs to the term's event
 * loop.
 */
public final class TermOverBus {
    private final EventBus bus;
    private final Term term;
    private final BooleanSupplier holdsLease;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();

    /** @param holdsLease asked before anything is answered */
    public TermOverBus(EventBus bus, Term term, BooleanSupplier holdsLease) {
        this.bus = Objects.requireNonNull(bus, "bus");
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

    /** From now on the term hears. */
    public void open() {
        long epoch = term.epoch();
        consumers.add(bus.<Facts>localConsumer(LinesOverBus.factsOf(epoch), message -> term.arrived(message.body())));
        this.<JobRequest>answer(starts(epoch), message -> reply(message, term.start(message.body())));
        this.<JobAbortRequest>answer(aborts(epoch), message -> reply(message, term.abort(message.body())));
        answer(liveIds(epoch), message -> reply(message, Future.succeededFuture(term.liveIds())));
        answer(storeLag(epoch), message -> reply(message, Future.succeededFuture(term.storeLag())));
        this.<NodeQuery>answer(
                NodeStatesOverBus.questionsOf(epoch),
                message -> reply(message, Future.succeededFuture(answer(message.body()))));
    }

    private <T> void answer(String address, Handler<Message<T>> handler) {
        consumers.add(bus.<T>localConsumer(address, message -> {
            if (holdsLease.getAsBoolean()) {
                handler.handle(message);
            } else {
                message.fail(ServerException.UNAVAILABLE, JobsOverBus.NO_COORDINATOR);
            }
        }));
    }

    private static void reply(Message<?> message, Future<?> answer) {
        answer.onSuccess(found -> message.reply(found, LocalCodec.options()))
                .onFailure(failure -> Refusal.reply(message, failure));
    }

    private Object answer(NodeQuery query) {
        NodeDirectory nodes = term.nodes();
        return switch (query) {
            case NodeQuery.OfOrganisation(String orgGuid) -> nodes.list(orgGuid);
            case NodeQuery.OfNode(NodeRef node) -> nodes.find(node);
            case NodeQuery.Count _ -> nodes.count();
            case NodeQuery.GatewaysOf(NodeRef node) -> gatewaysOf(node);
            case NodeQuery.Gateways _ -> nodes.gateways();
        };
    }

    /** Of a node that is away any of them may know something. */
    private List<String> gatewaysOf(NodeRef node) {
        Optional<String> having = term.nodes().gatewayOf(node);
        return having.map(List::of).orElseGet(term.nodes()::gateways);
    }

    /** The term hears and answers nothing any more. */
    public void close() {
        consumers.forEach(MessageConsumer::unregister);
        consumers.clear();
    }
}
