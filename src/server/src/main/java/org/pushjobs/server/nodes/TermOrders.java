package org.pushjobs.server.nodes;

import java.util.List;
import java.util.Objects;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.facts.FactOutbox;
import org.pushjobs.server.facts.Order;
import org.pushjobs.server.facts.Orders;
import org.pushjobs.server.facts.Sequence;
import org.pushjobs.server.time.Schedule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gateway's end of the line from the term: obeys the newest one only, and each of its orders once and in order (cluster.md,
 * "Facts and conclusions"). Belongs to the event loop of {@link NodeSessions}.
 */
final class TermOrders {
    /** After a gap everything is told again, and the answer has so long to come. */
    static final long TELL_AGAIN_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(TermOrders.class);

    private final FactOutbox outbox;
    private final WatchedJobs jobs;
    private final QuietNodes quiet;
    private final Nodes nodes;
    private final Commands commands;
    private final Schedule schedule;
    private Sequence sequence = new Sequence();
    private long epoch;
    /** The newest of the earlier ones that has given orders. */
    private long refused;

    private long toldAllMillis;

    TermOrders(
            FactOutbox outbox, WatchedJobs jobs, QuietNodes quiet, Nodes nodes, Commands commands, Schedule schedule) {
        this.outbox = Objects.requireNonNull(outbox, "outbox");
        this.jobs = Objects.requireNonNull(jobs, "jobs");
        this.quiet = Objects.requireNonNull(quiet, "quiet");
        this.nodes = Objects.requireNonNull(nodes, "nodes");
        this.commands = Objects.requireNonNull(commands, "commands");
        this.schedule = Objects.requireNonNull(schedule, "schedule");
    }

    /** There is such a term. What an earlier one had watched may be at work still. */
    void heardOf(long term) {
        if (term <= epoch) {
            return;
        }
        LOG.info("there is a new coordinator [epoch: {}]", term);
        epoch = term;
        sequence = new Sequence();
        toldAllMillis = schedule.nowMillis();
        jobs.areOfAnEarlierTerm();
        outbox.adopt(term);
    }

    void arrived(Orders batch) {
        if (batch.epoch() < epoch) {
            if (batch.epoch() > refused) {
                refused = batch.epoch();
                LOG.info("orders of an earlier coordinator are refused [epoch: {}, newest: {}]", refused, epoch);
            }
            return;
        }
        heardOf(batch.epoch());
        List<Order> orders = batch.orders();
        if (!orders.isEmpty() && orders.getFirst() instanceof Order.WatchAll) {
            sequence.beginWith(batch.first(), orders.size());
            obey(batch);
            return;
        }
        switch (sequence.arrived(batch.first(), orders.size())) {
            case NEXT -> obey(batch);
            case REPEATED -> {
                // obeyed before
            }
            case GAP -> tellAll();
        }
    }

    private void obey(Orders batch) {
        batch.orders().forEach(this::obey);
        jobs.heardUpTo(batch.heard());
    }

    private void tellAll() {
        long now = schedule.nowMillis();
        if (now - toldAllMillis >= TELL_AGAIN_MILLIS) {
            toldAllMillis = now;
            outbox.tellAll();
        }
    }

    private void obey(Order order) {
        switch (order) {
            case Order.WatchAll(List<Order.Watched> live) -> {
                jobs.replaceAll(live);
                jobs.nodes().forEach(this::countAnew);
                quiet.jobsChanged();
            }
            case Order.Watch(Order.Watched job) -> {
                jobs.watch(job);
                job.nodes().forEach(name -> countAnew(new NodeRef(job.orgGuid(), name)));
                quiet.jobsChanged();
            }
            case Order.Unwatch(String jobId) -> jobs.unwatch(jobId);
            case Order.Send(List<Order.Addressee> addressees, ServerMessage message) ->
                commands.send(addressees, message);
            case Order.Rehabilitate(Order.Addressee addressee) -> commands.rehabilitate(addressee);
            case Order.AckReports(long upTo) -> outbox.acknowledged(upTo);
            case Order.TellAll _ -> outbox.tellAll();
        }
    }

    private void countAnew(NodeRef ref) {
        nodes.find(ref).ifPresent(node -> node.session().countAnew());
    }
}
