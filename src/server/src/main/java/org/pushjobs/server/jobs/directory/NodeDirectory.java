package org.pushjobs.server.jobs.directory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.facts.Capabilities;
import org.pushjobs.server.facts.Lines;
import org.pushjobs.server.facts.Order;
import org.pushjobs.server.facts.Standing;
import org.pushjobs.server.facts.TermBeat;
import org.pushjobs.server.facts.WatchList;
import org.pushjobs.server.nodes.NodeState;
import org.pushjobs.server.time.Schedule;

/**
 * Which gateway has which node, as one term knows it (cluster.md, "Facts and conclusions"): where orders go, and what is answered
 * about nodes. {@link FactIntake} keeps it. Belongs to the term's event loop.
 */
public final class NodeDirectory {
    /** A gateway of which nothing was heard for so long is gone. */
    static final long GONE_AFTER_MILLIS = 5_000;

    /** So long a gateway that is gone may be only cut off, and have what nodes told it meanwhile. */
    static final long RETURN_MILLIS = 60_000;

    private final long epoch;
    private final Lines lines;
    private final Schedule schedule;
    private final WatchList watched = new WatchList();
    private final Map<String, GatewayLink> gateways = new LinkedHashMap<>();
    private final Map<NodeRef, Attachment> nodes = new HashMap<>();
    /** To be aborted when they come: nobody had them when that was wanted. */
    private final Set<NodeRef> toRehabilitate = new HashSet<>();

    private final Gateways all;
    private final long beganNanos;
    private Optional<Long> goneNanos = Optional.empty();
    private int links;

    /** @param all which gateways there are */
    public NodeDirectory(long epoch, Lines lines, Schedule schedule, Gateways all) {
        this.epoch = epoch;
        this.lines = Objects.requireNonNull(lines, "lines");
        this.schedule = Objects.requireNonNull(schedule, "schedule");
        this.all = Objects.requireNonNull(all, "all");
        this.beganNanos = schedule.nanos();
    }

    // ---- live jobs

    /** A job is live: gateways tell what its nodes say about it. */
    public void watch(Order.Watched job) {
        watched.watch(job);
        gateways.values().forEach(link -> link.order(new Order.Watch(job)));
    }

    /** A job of an earlier term is live; no gateway has heard of this term. */
    void watchResumed(Order.Watched job) {
        watched.watch(job);
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

    // ---- where nodes are

    long epoch() {
        return epoch;
    }

    /** The gateway's end of the line, which is new when nothing was heard of it. */
    GatewayLink link(String gateway) {
        return gateways.computeIfAbsent(gateway, id -> new GatewayLink(epoch, id, links++, lines, schedule));
    }

    /** Those that something was heard of; a view. */
    Collection<GatewayLink> links() {
        return gateways.values();
    }

    /** The gateway is gone; its nodes are where they were. */
    void remove(GatewayLink link) {
        gateways.remove(link.gateway());
        goneNanos = Optional.of(schedule.nanos());
    }

    Optional<Attachment> attachment(NodeRef node) {
        return Optional.ofNullable(nodes.get(node));
    }

    /** The node is there now, whatever was known of it before. */
    void put(Attachment known) {
        NodeRef node = known.fact().node();
        attachment(node).ifPresent(before -> before.link().nodes().remove(node));
        known.link().nodes().add(node);
        nodes.put(node, known);
        if (Attachment.speaks(known.fact()) && toRehabilitate.remove(node) && watched.isWatched(node)) {
            rehabilitate(known);
        }
    }

    /** No gateway has the node. */
    void remove(NodeRef node) {
        Attachment known = nodes.remove(node);
        if (known != null) {
            known.link().nodes().remove(node);
        }
    }

    /** The nodes that a gateway has; a view. */
    Collection<NodeRef> attached() {
        return nodes.keySet();
    }

    /** Whether a job is live in which the node takes part. */
    boolean isWatched(NodeRef node) {
        return watched.isWatched(node);
    }

    List<Order.Watched> liveJobs() {
        return watched.jobs();
    }

    /** Tells the gateways that the term is there, and forgets what nobody waits for. To be called every second or so. */
    void beat() {
        toRehabilitate.removeIf(node -> !watched.isWatched(node));
        lines.publish(new TermBeat(epoch));
        gateways.values().forEach(GatewayLink::flush);
    }

    // ---- questions

    /** Whether the node can take part in a job. */
    public boolean isAvailable(NodeRef node) {
        return attachment(node)
                .filter(known -> known.standing() == Standing.AVAILABLE)
                .isPresent();
    }

    /** How the node stands at its gateway; empty when no gateway has it. */
    public Optional<Standing> standing(NodeRef node) {
        return attachment(node).map(Attachment::standing);
    }

    /** Whether a gateway has it and hears it, as far as is known. */
    public boolean isHeard(NodeRef node) {
        return attachment(node).map(Attachment::fact).filter(Attachment::speaks).isPresent();
    }

    /** How long gateways still have, after the beginning of the term, to tell what they have; 0 when that is over. */
    public long millisUntilAllHaveTold() {
        return haveAllTold() ? 0 : millisUntil(beganNanos, GONE_AFTER_MILLIS);
    }

    /**
     * How long a gateway that is not heard may still come and tell what nodes have told it; 0 when none is missing, or for too
     * long.
     */
    public long millisUntilNoneIsMissing() {
        return haveAllTold()
                ? 0
                : Math.max(
                        millisUntilAllHaveTold(),
                        goneNanos.map(gone -> millisUntil(gone, RETURN_MILLIS)).orElse(0L));
    }

    private boolean haveAllTold() {
        return all.all().filter(ids -> gateways().containsAll(ids)).isPresent();
    }

    private long millisUntil(long sinceNanos, long millis) {
        return Math.max(0, schedule.millisUntil(sinceNanos + TimeUnit.MILLISECONDS.toNanos(millis)));
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
