package org.pushjobs.server.simulated;

import io.vertx.core.Future;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.facts.Lines;
import org.pushjobs.server.jobs.Announcements;
import org.pushjobs.server.jobs.Spill;
import org.pushjobs.server.jobs.StoredEvents;
import org.pushjobs.server.jobs.StoredOutput;
import org.pushjobs.server.jobs.Term;
import org.pushjobs.server.jobs.directory.Gateways;
import org.pushjobs.server.jobs.directory.ToldConfigs;
import org.pushjobs.server.jobs.lease.LeaseKeeper;

/** One life of a process that may coordinate: the real keeper of the lease, and the real term while it has it. */
final class Coordinator {
    private final World world;
    private final VirtualProcess process;
    private final HostClock clock;
    private final VirtualStore store;
    private final LeaseKeeper keeper;
    private final Map<String, LineWatch> lines = new LinkedHashMap<>();
    private final MemberView members;
    private Optional<Term> term = Optional.empty();

    /** A term that answers requests. */
    record Active(long epoch, VirtualProcess process, Term term) {}

    Coordinator(
            World world, SplittableRandom random, String host, int life, HostClock clock, Predicate<String> hasEnded) {
        this.world = world;
        this.process = new VirtualProcess(host + "-coordinator#" + life, host, world.timeline(), random.split());
        this.clock = clock;
        this.store = new VirtualStore(world.database(), process);
        this.members = new MemberView(world, process, random.split());
        this.keeper = new LeaseKeeper(
                process,
                store.leases(process),
                process.toString(),
                holder -> Future.succeededFuture(Optional.of("it has ended").filter(_ -> hasEnded.test(holder))),
                World.LEASE,
                new LeaseKeeper.Listener() {
                    @Override
                    public void established(long epoch) {
                        begin(epoch);
                    }

                    @Override
                    public void revoked(long epoch, String reason) {
                        end(epoch);
                    }
                });
        keeper.start();
    }

    VirtualProcess process() {
        return process;
    }

    private void begin(long epoch) {
        Term begun = new Term(setup(
                epoch,
                () -> keeper.isHeld(epoch),
                process,
                clock.steady(),
                world.linesOf(process),
                members,
                new Told(_ -> true),
                store,
                new Announced()));
        term = Optional.of(begun);
        world.note("term " + epoch + " begins at " + process);
        lines.clear();
        world.gateways().forEach(this::heard);
        world.network().openTerm(epoch, process, batch -> {
            heard(batch.gateway());
            begun.arrived(batch);
        });
        begun.establish()
                .onSuccess(_ -> {
                    world.note("term " + epoch + " is established");
                    world.answers(new Active(epoch, process, begun));
                })
                .onFailure(failure -> keeper.yield("the live jobs are not known: " + failure.getMessage()));
    }

    /** What a term works with here. */
    static Term.Setup setup(
            long epoch,
            BooleanSupplier holdsLease,
            VirtualProcess process,
            Clock clock,
            Lines lines,
            Gateways gateways,
            Told told,
            VirtualStore store,
            Announcements announcements) {
        return new Term.Setup(
                epoch,
                World.TERM,
                holdsLease,
                process,
                clock,
                lines,
                gateways,
                told,
                store.reads(),
                store.writes(epoch),
                store.outputEnds(),
                new Memory(),
                announcements,
                World.METRICS.jobs());
    }

    private void heard(String gateway) {
        lines.computeIfAbsent(gateway, id -> new LineWatch(world, since -> world.agentsOf(id, since)))
                .heard("");
    }

    /** The gateway dies. */
    void isLost(String gateway) {
        if (lines.containsKey(gateway)) {
            heard(gateway);
            lines.remove(gateway);
        }
    }

    private void end(long epoch) {
        List.copyOf(lines.keySet()).forEach(this::heard);
        world.note("term " + epoch + " is over at " + process);
        world.network().closeTerm(epoch);
        world.doesNotAnswer(epoch);
        term.ifPresent(Term::revoke);
        term = Optional.empty();
    }

    /** Ends in good order. */
    Future<Void> stop() {
        return term.map(Term::drain).orElseGet(Future::succeededFuture).compose(_ -> keeper.stop());
    }

    /** The process is killed. */
    void die() {
        process.end();
        List.copyOf(lines.keySet()).forEach(this::heard);
        term.ifPresent(ended -> {
            world.network().closeTerm(ended.epoch());
            world.doesNotAnswer(ended.epoch());
        });
    }

    /** @param knows the nodes that were told the interval of this world, and the addresses */
    record Told(Predicate<NodeRef> knows) implements ToldConfigs {
        @Override
        public int intervalMillis(NodeRef node) {
            return knows.test(node) ? (int) World.INTERVAL_MILLIS : 0;
        }

        @Override
        public boolean isElsewhere(NodeRef node) {
            return false;
        }

        @Override
        public Set<NodeRef> nodes() {
            return Set.of();
        }
    }

    private static final class Memory implements Spill {
        private final Map<Long, byte[]> written = new HashMap<>();

        @Override
        public Future<Void> write(long position, byte[] data) {
            written.put(position, data);
            return Future.succeededFuture();
        }

        @Override
        public Future<byte[]> read(long position, int length) {
            return Future.succeededFuture(written.get(position));
        }

        @Override
        public void clear() {
            written.clear();
        }
    }

    private final class Announced implements Announcements {
        @Override
        public void stored(StoredEvents events) {
            world.announce(process, events.jobId());
        }

        @Override
        public void stored(StoredOutput output) {
            // nobody follows output here
        }
    }
}
