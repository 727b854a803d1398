package org.pushjobs.server.jobs.directory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.facts.Capabilities;
import org.pushjobs.server.facts.Fact;
import org.pushjobs.server.facts.Facts;
import org.pushjobs.server.facts.Lines;
import org.pushjobs.server.facts.Order;
import org.pushjobs.server.facts.Standing;
import org.pushjobs.server.facts.TermBeat;
import org.pushjobs.server.facts.WatchList;
import org.pushjobs.server.nodes.NodeState;
import org.pushjobs.server.time.Schedule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which gateway has which node, as one term knows it, and what follows from that for live jobs (cluster.md, "Facts and
 * conclusions"). Filled by all that each gateway tells when it hears of the term, and kept by what it tells afterwards. Belongs
 * to the term's event loop. What arrives costs the same whatever the number of nodes, but for all of a gateway's facts, and for
 * a gateway that is gone.
 */
public final class NodeDirectory {
    /** A gateway of which nothing was heard for so long is gone. */
    static final long GONE_AFTER_MILLIS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(NodeDirectory.class);

    private final long epoch;
    private final Lines lines;
    private final Schedule schedule;
    private final Conclusions conclusions;
    private final WatchList watched = new WatchList();
    private final Map<String, GatewayLink> gateways = new LinkedHashMap<>();
    private final Map<NodeRef, Attachment> nodes = new HashMap<>();
    /** To be aborted when they come: nobody had them when that was wanted. */
    private final Set<NodeRef> toRehabilitate = new HashSet<>();

    private final Gateways all;
    private final Claims claims = new Claims();
    private final Awaited awaited;
    private final long beganNanos;
    private int links;

    /**
     * @param all which gateways there are
     * @param intervalMillis between heartbeats, for nodes of which nothing is known
     */
    public NodeDirectory(
            long epoch,
            Lines lines,
            Schedule schedule,
            Gateways all,
            ToldConfigs told,
            int intervalMillis,
            Conclusions conclusions) {
        this.epoch = epoch;
        this.lines = Objects.requireNonNull(lines, "lines");
        this.schedule = Objects.requireNonNull(schedule, "schedule");
        this.all = Objects.requireNonNull(all, "all");
        this.conclusions = Objects.requireNonNull(conclusions, "conclusions");
        this.beganNanos = schedule.nanos();
        this.awaited = new Awaited(told, intervalMillis, this::isBack, this::lost);
    }

    // ---- live jobs

    /** A job is live: gateways tell what its nodes say about it. */
    public void watch(Order.Watched job) {
        watched.watch(job);
        gateways.values().forEach(link -> link.order(new Order.Watch(job)));
    }

    /** A job of an earlier term is live; its nodes have time to come back. Before {@link #beat} for the first time. */
    public void watchResumed(Order.Watched job) {
        watched.watch(job);
        awaited.await(
                job.nodes().stream()
                        .map(name -> new NodeRef(job.orgGuid(), name))
                        .toList(),
                gateways.values());
    }

    /** The job has ended. */
    public void unwatch(String jobId) {
        watched.unwatch(jobId);
        gateways.values().forEach(link -> link.order(new Order.Unwatch(jobId)));
    }

    /** The live jobs in which the node takes part. */
    public Set<String> jobsOf(NodeRef node) {
        return watched.of(node);
    }

    // ---- orders

    /** Sends a message to each of the nodes; for those that no gateway has it is lost. */
    public void send(String orgGuid, List<String> names, ServerMessage message) {
        Map<GatewayLink, List<Order.Addressee>> byGateway = new LinkedHashMap<>();
        for (String name : names) {
            attachment(new NodeRef(orgGuid, name))
                    .ifPresent(known -> byGateway
                            .computeIfAbsent(known.link(), _ -> new ArrayList<>())
                            .add(addressee(known)));
        }
        byGateway.forEach((link, addressees) -> link.order(new Order.Send(addressees, message)));
    }

    /**
     * Has the node aborted until its agent says that it does nothing. One that no gateway has now is aborted when it comes, as long
     * as a job is live in which it takes part; later its gateway does that by itself.
     */
    public void rehabilitate(NodeRef node) {
        attachment(node).ifPresentOrElse(this::rehabilitate, () -> toRehabilitate.add(node));
    }

    private void rehabilitate(Attachment known) {
        known.link().order(new Order.Rehabilitate(addressee(known)));
    }

    private static Order.Addressee addressee(Attachment known) {
        return new Order.Addressee(known.fact().node(), known.fact().session());
    }

    /** What came of the gateway's reports up to this number is stored. */
    public void acknowledge(String gateway, long upTo) {
        Optional.ofNullable(gateways.get(gateway)).ifPresent(link -> link.order(new Order.AckReports(upTo)));
    }

    /** To be called every second or so, first when the live jobs are known. */
    public void beat() {
        List<GatewayLink> gone = gateways.values().stream()
                .filter(link -> link.silentMillis() >= GONE_AFTER_MILLIS)
                .toList();
        gone.forEach(this::isGone);
        toRehabilitate.removeIf(node -> !watched.isWatched(node));
        lines.publish(new TermBeat(epoch));
        gateways.values().forEach(GatewayLink::flush);
        awaited.check(gateways.values());
    }

    private void isGone(GatewayLink link) {
        LOG.warn(
                "nothing was heard of a gateway, its nodes may come to others [gateway: {}, for: {} ms, nodes: {}]",
                link.gateway(),
                link.silentMillis(),
                link.nodes().size());
        gateways.remove(link.gateway());
        claims.keepOnly(Set.of(), link);
        List<NodeRef> homeless = new ArrayList<>();
        for (NodeRef node : List.copyOf(link.nodes())) {
            attachment(node).filter(known -> !goesToNext(known)).ifPresent(_ -> {
                nodes.remove(node);
                homeless.add(node);
            });
        }
        awaited.await(homeless.stream().filter(watched::isWatched).toList(), gateways.values());
    }

    // ---- facts

    /** A gateway has stated something. What is not for this term is passed over. */
    public void arrived(Facts batch) {
        if (batch.epoch() != epoch) {
            return;
        }
        GatewayLink link = gateways.computeIfAbsent(
                batch.gateway(), gateway -> new GatewayLink(epoch, gateway, links++, lines, schedule));
        link.heard(batch);
        if (batch.whole()) {
            link.beginWith(batch, watched.jobs());
            replaceAll(link, batch.facts());
        } else if (link.isNext(batch, watched.jobs())) {
            batch.facts().forEach(fact -> take(link, fact, Told.NEWS));
        }
    }

    /** How a fact has come. */
    private enum Told {
        NEWS,
        /** With all others, because something may have got lost. */
        WITH_ALL
    }

    private void replaceAll(GatewayLink link, List<Fact> facts) {
        Set<NodeRef> before = new LinkedHashSet<>(link.nodes());
        Set<NodeRef> attached = new HashSet<>();
        for (Fact fact : facts) {
            if (fact instanceof Fact.Attached) {
                attached.add(fact.node());
            }
            take(link, fact, Told.WITH_ALL);
        }
        before.removeAll(attached);
        claims.keepOnly(attached, link);
        // after what they said last
        before.stream()
                .flatMap(node -> attachment(node).stream())
                .filter(known -> known.isAt(link))
                .forEach(this::detach);
    }

    private void take(GatewayLink link, Fact fact, Told told) {
        switch (fact) {
            case Fact.Attached attached -> attach(link, attached, told);
            case Fact.Detached(NodeRef node, long session, String _) -> {
                claims.forget(node, link, session);
                attachment(node).filter(known -> known.isIn(link, session)).ifPresent(this::detach);
            }
            case Fact.Doing doing -> {
                if (isCurrent(link, doing)) {
                    conclusions.doing(doing);
                }
            }
            case Fact.Said said -> conclusions.said(link.gateway(), said);
            case Fact.Wrote wrote -> conclusions.wrote(wrote);
            case Fact.Undelivered undelivered -> conclusions.undelivered(undelivered);
        }
    }

    private boolean isCurrent(GatewayLink link, Fact fact) {
        return attachment(fact.node())
                .filter(known -> known.isIn(link, fact.session()))
                .isPresent();
    }

    private void attach(GatewayLink link, Fact.Attached fact, Told told) {
        link.heardOf(fact.session());
        NodeRef node = fact.node();
        Optional<Attachment> before = attachment(node);
        long heardNanos = schedule.nanos() - TimeUnit.MILLISECONDS.toNanos(fact.silentMillis());
        if (before.filter(known -> !known.isAt(link) && !known.yieldsTo(link, fact, heardNanos))
                .isPresent()) {
            claims.note(new Claims.Claim(link, fact, heardNanos));
            preferOneThatHears(node);
            return;
        }
        boolean sameSession =
                before.filter(known -> known.isIn(link, fact.session())).isPresent();
        put(link, fact, sameSession ? before.get().sinceNanos() : heardNanos, before);
        if (watched.isWatched(node)) {
            conclude(node, before, fact, sameSession && told == Told.NEWS);
        }
        before.filter(known -> !known.isAt(link))
                .ifPresent(known -> claims.note(new Claims.Claim(known.link(), known.fact(), known.sinceNanos())));
        preferOneThatHears(node);
    }

    private void preferOneThatHears(NodeRef node) {
        Attachment known = nodes.get(node);
        if (!Attachment.speaks(known.fact()) && claims.isHeardElsewhere(node)) {
            goesToNext(known);
        }
    }

    private void put(GatewayLink link, Fact.Attached fact, long sinceNanos, Optional<Attachment> before) {
        NodeRef node = fact.node();
        claims.forget(node, link);
        before.ifPresent(known -> known.link().nodes().remove(node));
        link.nodes().add(node);
        Map<String, Long> elsewhere = before.map(known -> known.isAt(link)
                        ? known
                        : known.knowing(known.link(), known.fact().session()))
                .map(Attachment::elsewhere)
                .orElse(Map.of());
        Attachment known = new Attachment(link, fact, sinceNanos, elsewhere);
        nodes.put(node, known);
        if (Attachment.speaks(fact) && toRehabilitate.remove(node)) {
            rehabilitate(known);
        }
    }

    /** The node is not where it was, or not heard there: whether another gateway says that it has it. */
    private boolean goesToNext(Attachment known) {
        NodeRef node = known.fact().node();
        Optional<Claims.Claim> next = claims.best(node);
        next.ifPresent(claim -> {
            put(claim.link(), claim.fact(), claim.heardNanos(), Optional.of(known));
            if (watched.isWatched(node)) {
                conclude(node, Optional.of(known), claim.fact(), false);
            }
        });
        return next.isPresent();
    }

    private void conclude(NodeRef node, Optional<Attachment> before, Fact.Attached fact, boolean isCertain) {
        if (before.filter(known -> !known.isOfSameProcess(fact)).isPresent()) {
            conclusions.down(node);
        }
        if (!isCertain) {
            conclusions.inDoubt(node);
        }
        boolean wasUnreachable = before.map(Attachment::standing)
                .filter(NodeDirectory::isUnreachable)
                .isPresent();
        if (isUnreachable(fact.standing()) && !wasUnreachable) {
            if (millisUntilAllHaveTold() > 0) {
                // one that has not told yet may hear it
                awaited.await(List.of(node), gateways.values());
            } else {
                conclusions.unreachable(node);
            }
        }
    }

    private static boolean isUnreachable(Standing standing) {
        return switch (standing) {
            case UNREACHABLE, HELD -> true;
            case AVAILABLE, REHAB, WRONG_TIME, DISCONNECTED, CONNECTED -> false;
        };
    }

    private void detach(Attachment known) {
        if (goesToNext(known)) {
            return;
        }
        NodeRef node = known.fact().node();
        nodes.remove(node);
        known.link().nodes().remove(node);
        if (!watched.isWatched(node)) {
            return;
        }
        if (millisUntilAllHaveTold() > 0) {
            // one that has not told yet may have it
            awaited.await(List.of(node), gateways.values());
        } else {
            conclusions.down(node);
        }
    }

    // ---- nodes that were waited for

    private boolean isBack(NodeRef node) {
        return attachment(node)
                .filter(known -> known.standing() != Standing.CONNECTED && !isUnreachable(known.standing()))
                .isPresent();
    }

    private void lost(Collection<NodeRef> silent) {
        silent.stream().filter(watched::isWatched).forEach(node -> {
            if (nodes.containsKey(node)) {
                conclusions.unreachable(node);
            } else {
                conclusions.down(node);
            }
        });
    }

    // ---- questions

    private Optional<Attachment> attachment(NodeRef node) {
        return Optional.ofNullable(nodes.get(node));
    }

    /** Whether the node can take part in a job. */
    public boolean isAvailable(NodeRef node) {
        return attachment(node)
                .filter(known -> known.standing() == Standing.AVAILABLE)
                .isPresent();
    }

    /** Whether a gateway has it and hears it, as far as is known. */
    public boolean isHeard(NodeRef node) {
        return attachment(node).map(Attachment::fact).filter(Attachment::speaks).isPresent();
    }

    /** How long gateways still have, after the beginning of the term, to tell what they have; 0 when that is over. */
    public long millisUntilAllHaveTold() {
        if (all.all().filter(ids -> gateways().containsAll(ids)).isPresent()) {
            return 0;
        }
        return Math.max(0, schedule.millisUntil(beganNanos + TimeUnit.MILLISECONDS.toNanos(GONE_AFTER_MILLIS)));
    }

    /** What the node's agent says of itself; empty when it has no session. */
    public Optional<Capabilities> capabilities(NodeRef node) {
        return online(node).map(known -> known.fact().capabilities());
    }

    /** The nodes of an organisation that have a session, in no particular order. */
    public List<NodeState> list(String orgGuid) {
        return nodes.values().stream()
                .filter(known -> known.fact().node().orgGuid().equals(orgGuid))
                .filter(known -> known.standing().isOnline())
                .map(NodeDirectory::state)
                .toList();
    }

    /** Empty when the node has no session. */
    public Optional<NodeState> find(NodeRef node) {
        return online(node).map(NodeDirectory::state);
    }

    /** How many nodes have a session. */
    public int count() {
        return (int) nodes.values().stream()
                .filter(known -> known.standing().isOnline())
                .count();
    }

    /** The gateway that has the node. */
    public Optional<String> gatewayOf(NodeRef node) {
        return attachment(node).map(known -> known.link().gateway());
    }

    /** The gateways that have told what they have, in no particular order. */
    public List<String> gateways() {
        return gateways.values().stream()
                .filter(GatewayLink::isKnown)
                .map(GatewayLink::gateway)
                .toList();
    }

    private Optional<Attachment> online(NodeRef node) {
        return attachment(node).filter(known -> known.standing().isOnline());
    }

    private static NodeState state(Attachment known) {
        return new NodeState(
                known.fact().node(),
                known.standing() == Standing.AVAILABLE,
                known.fact().changedAt());
    }
}
