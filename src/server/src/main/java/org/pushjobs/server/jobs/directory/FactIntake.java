package org.pushjobs.server.jobs.directory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.facts.Departure;
import org.pushjobs.server.facts.Fact;
import org.pushjobs.server.facts.Facts;
import org.pushjobs.server.facts.Order;
import org.pushjobs.server.facts.Standing;
import org.pushjobs.server.time.Schedule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a term's {@link NodeDirectory} by what gateways state, and concludes what follows for live jobs (cluster.md, "Facts and
 * conclusions"). A gateway tells all that it has when it hears of the term, and what changes afterwards. Belongs to the term's
 * event loop. What arrives costs the same whatever the number of nodes, but for all of a gateway's facts, and for a gateway that
 * is gone.
 */
public final class FactIntake {
    private static final Logger LOG = LoggerFactory.getLogger(FactIntake.class);
    private static final long COUNT_MILLIS = 10_000;

    private final NodeDirectory directory;
    private final Schedule schedule;
    private final Conclusions conclusions;
    private final Claims claims = new Claims();
    private final Awaited awaited;
    private final DownNodes down = new DownNodes();
    private final ToldConfigs told;
    private long countedNanos;

    /** @param intervalMillis between heartbeats, for nodes of which nothing is known */
    public FactIntake(
            NodeDirectory directory, Schedule schedule, ToldConfigs told, int intervalMillis, Conclusions conclusions) {
        this.directory = Objects.requireNonNull(directory, "directory");
        this.schedule = Objects.requireNonNull(schedule, "schedule");
        this.conclusions = Objects.requireNonNull(conclusions, "conclusions");
        this.awaited = new Awaited(told, intervalMillis, this::isBack, directory::isWatched, this::lost);
        this.told = Objects.requireNonNull(told, "told");
        this.countedNanos = schedule.nanos() - TimeUnit.MILLISECONDS.toNanos(COUNT_MILLIS);
    }

    /** A job of an earlier term is live; its nodes have time to come back. Before {@link #beat} for the first time. */
    public void watchResumed(Order.Watched job) {
        directory.watchResumed(job);
        awaited.await(
                job.nodes().stream()
                        .map(name -> new NodeRef(job.orgGuid(), name))
                        .toList(),
                directory.links());
    }

    /**
     * A job begins with a node that is not heard.
     *
     * @return whether it is likely to come soon; when it does not come either, that is concluded of it
     */
    public boolean awaitIfExpected(NodeRef node) {
        return directory
                        .attachment(node)
                        .filter(known -> known.standing() != Standing.CONNECTED)
                        .isEmpty()
                && awaited.awaitIfExpected(node);
    }

    /** To be called every second or so, first when the live jobs are known. */
    public void beat() {
        List<GatewayLink> gone = directory.links().stream()
                .filter(link -> link.silentMillis() >= NodeDirectory.GONE_AFTER_MILLIS)
                .toList();
        gone.forEach(this::isGone);
        directory.beat();
        awaited.check(directory.links());
        countDown();
    }

    /** Not before those that were there before the term can be known. */
    private void countDown() {
        boolean due = schedule.millisUntil(countedNanos + TimeUnit.MILLISECONDS.toNanos(COUNT_MILLIS)) <= 0;
        if (due && directory.millisUntilAllHaveTold() == 0) {
            countedNanos = schedule.nanos();
            down.count(
                    directory.attached(),
                    told.nodes(),
                    node -> directory.attachment(node).map(Attachment::standing));
        }
    }

    /** The nodes that are down. */
    public DownNodes down() {
        return down;
    }

    private void isGone(GatewayLink link) {
        LOG.warn(
                "nothing was heard of a gateway, its nodes may come to others [gateway: {}, for: {} ms, nodes: {}]",
                link.gateway(),
                link.silentMillis(),
                link.nodes().size());
        directory.remove(link);
        claims.keepOnly(Set.of(), link);
        List<NodeRef> homeless = new ArrayList<>();
        for (NodeRef node : List.copyOf(link.nodes())) {
            directory.attachment(node).filter(known -> !goesToNext(known)).ifPresent(_ -> {
                directory.remove(node);
                down.left(node, Departure.SILENT);
                homeless.add(node);
            });
        }
        awaited.await(homeless, directory.links());
    }

    // ---- facts

    /** A gateway has stated something. What is not for this term is passed over. */
    public void arrived(Facts batch) {
        if (batch.epoch() != directory.epoch()) {
            return;
        }
        GatewayLink link = directory.link(batch.gateway());
        link.heard(batch);
        if (batch.whole()) {
            link.beginWith(batch, directory.liveJobs());
            replaceAll(link, batch.facts());
        } else if (link.isNext(batch, directory::liveJobs)) {
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
                .flatMap(node -> directory.attachment(node).stream())
                .filter(known -> known.isAt(link))
                .forEach(known -> detach(known, Departure.SILENT));
    }

    private void take(GatewayLink link, Fact fact, Told told) {
        switch (fact) {
            case Fact.Attached attached -> attach(link, attached, told);
            case Fact.Detached(NodeRef node, long session, String _, Optional<Departure> how) -> {
                claims.forget(node, link, session);
                directory
                        .attachment(node)
                        .filter(known -> known.isIn(link, session))
                        .ifPresent(known -> detach(known, how.orElse(Departure.SILENT)));
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
        return directory
                .attachment(fact.node())
                .filter(known -> known.isIn(link, fact.session()))
                .isPresent();
    }

    private void attach(GatewayLink link, Fact.Attached fact, Told told) {
        link.heardOf(fact.session());
        NodeRef node = fact.node();
        Optional<Attachment> before = directory.attachment(node);
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
        if (directory.isWatched(node)) {
            conclude(node, before, fact, sameSession && told == Told.NEWS);
        }
        before.filter(known -> !known.isAt(link))
                .ifPresent(known -> claims.note(new Claims.Claim(known.link(), known.fact(), known.sinceNanos())));
        preferOneThatHears(node);
    }

    private void preferOneThatHears(NodeRef node) {
        directory
                .attachment(node)
                .filter(known -> !Attachment.speaks(known.fact()) && claims.isHeardElsewhere(node))
                .ifPresent(this::goesToNext);
    }

    private void put(GatewayLink link, Fact.Attached fact, long sinceNanos, Optional<Attachment> before) {
        claims.forget(fact.node(), link);
        Map<String, Long> elsewhere = before.map(known -> known.isAt(link)
                        ? known
                        : known.knowing(known.link(), known.fact().session()))
                .map(Attachment::elsewhere)
                .orElse(Map.of());
        directory.put(new Attachment(link, fact, sinceNanos, elsewhere));
        if (Attachment.speaks(fact)) {
            awaited.came(fact.node());
        }
    }

    /** The node is not where it was, or not heard there: whether another gateway says that it has it. */
    private boolean goesToNext(Attachment known) {
        NodeRef node = known.fact().node();
        Optional<Claims.Claim> next = claims.best(node);
        next.ifPresent(claim -> {
            put(claim.link(), claim.fact(), claim.heardNanos(), Optional.of(known));
            if (directory.isWatched(node)) {
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
                .filter(FactIntake::isUnreachable)
                .isPresent();
        if (isUnreachable(fact.standing()) && !wasUnreachable) {
            if (directory.millisUntilNoneIsMissing() > 0) {
                // one that has not told yet may hear it
                awaited.await(List.of(node), directory.links());
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

    private void detach(Attachment known, Departure how) {
        if (goesToNext(known)) {
            return;
        }
        NodeRef node = known.fact().node();
        directory.remove(node);
        awaited.forget(node);
        down.left(node, how);
        if (!directory.isWatched(node)) {
            return;
        }
        if (directory.millisUntilNoneIsMissing() > 0) {
            // one that has not told yet may have it
            awaited.await(List.of(node), directory.links());
        } else {
            conclusions.down(node);
        }
    }

    // ---- nodes that were waited for

    private boolean isBack(NodeRef node) {
        return directory
                .attachment(node)
                .filter(known -> known.standing() != Standing.CONNECTED && !isUnreachable(known.standing()))
                .isPresent();
    }

    private void lost(Collection<NodeRef> silent) {
        silent.forEach(node -> {
            if (directory.attachment(node).isPresent()) {
                conclusions.unreachable(node);
            } else {
                conclusions.down(node);
            }
        });
    }
}
