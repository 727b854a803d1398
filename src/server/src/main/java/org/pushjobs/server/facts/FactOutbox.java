package org.pushjobs.server.facts;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.server.time.Schedule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gateway's end of the line to the term: numbers its facts, sends those of one moment together, and keeps reports about jobs
 * until a term has acknowledged that what came of them is stored. A new term is told everything, and so is one that misses
 * something. Belongs to the event loop of the node sessions.
 *
 * <p>What is kept is bounded. Output of results, which agents of protocol 2.0 send once, is let go first, eldest first: its
 * result stays, and is without output only if it has to be told again. Then whole reports go.
 */
public final class FactOutbox {
    /** What is kept of output at most, in characters. */
    static final long MOST_OUTPUT_CHARACTERS = 32L << 20;

    /** How many reports are kept at most. */
    static final int MOST_REPORTS = 200_000;

    private static final Logger LOG = LoggerFactory.getLogger(FactOutbox.class);

    private final String gateway;
    private final Lines lines;
    private final Schedule schedule;
    private final LongSupplier listenedMillis;
    private final Supplier<List<Fact.Attached>> everything;
    /** Those that were not acknowledged, by their number, in its order. */
    private final SequencedMap<Long, Fact.Said> reports = new LinkedHashMap<>();
    /** Numbers of those whose output is kept. */
    private final Deque<Long> withOutput = new ArrayDeque<>();

    private long outputCharacters;
    private long lastReport;
    private long dropped;

    private long epoch;
    private long next = 1;
    private boolean whole;
    private boolean soon;
    private List<Fact> waiting = new ArrayList<>();

    /**
     * @param gateway id of the gateway in this life
     * @param listenedMillis for how long it has listened to its agents
     * @param everything all nodes that it has
     */
    public FactOutbox(
            String gateway,
            Lines lines,
            Schedule schedule,
            LongSupplier listenedMillis,
            Supplier<List<Fact.Attached>> everything) {
        this.gateway = Objects.requireNonNull(gateway, "gateway");
        this.lines = Objects.requireNonNull(lines, "lines");
        this.schedule = Objects.requireNonNull(schedule, "schedule");
        this.listenedMillis = Objects.requireNonNull(listenedMillis, "listenedMillis");
        this.everything = Objects.requireNonNull(everything, "everything");
    }

    /** There is a term, and what it is told begins anew; nothing happens when it is the same or an older one. */
    public void adopt(long newEpoch) {
        if (newEpoch <= epoch) {
            return;
        }
        boolean isFirst = epoch == 0;
        epoch = newEpoch;
        next = 1;
        if (!isFirst) {
            reports.replaceAll((_, said) -> again(said));
        }
        tellAll();
    }

    /** The term misses something. */
    public void tellAll() {
        whole = true;
        waiting = new ArrayList<>();
        flushSoon();
    }

    /** Something that is true now, and if it is lost will be told again with everything else. */
    public void state(Fact fact) {
        if (epoch == 0 || whole) {
            return;
        }
        waiting.add(fact);
        flushSoon();
    }

    /** The agent has sent a message about a live job. */
    public void said(NodeRef node, long session, AgentMessage message) {
        Fact.Said said = new Fact.Said(node, session, ++lastReport, false, message);
        reports.put(said.report(), said);
        if (outputCharacters(said) > 0) {
            outputCharacters += outputCharacters(said);
            withOutput.addLast(said.report());
        }
        letGo();
        state(said);
    }

    /** What came of the reports up to this number is stored. */
    public void acknowledged(long upTo) {
        while (!reports.isEmpty() && reports.firstEntry().getKey() <= upTo) {
            forgetEldest();
        }
    }

    private Fact.Said forgetEldest() {
        Fact.Said eldest = reports.pollFirstEntry().getValue();
        if (!withOutput.isEmpty() && withOutput.getFirst() == eldest.report()) {
            withOutput.removeFirst();
            outputCharacters -= outputCharacters(eldest);
        }
        return eldest;
    }

    /** To be called every second or so: shows the term that the gateway lives, and what it may miss. */
    public void beat() {
        if (epoch != 0) {
            flush();
        }
    }

    /** How many reports wait to be acknowledged. Usable from any thread, which may see an older number. */
    public int unacknowledged() {
        return reports.size();
    }

    /** How many reports, or outputs of reports, were let go before they were acknowledged. */
    long dropped() {
        return dropped;
    }

    private void flushSoon() {
        if (!soon) {
            soon = true;
            schedule.soon(() -> {
                if (soon) {
                    flush();
                }
            });
        }
    }

    private void flush() {
        soon = false;
        List<Fact> facts = waiting;
        boolean complete = whole;
        if (complete) {
            facts = new ArrayList<>(everything.get());
            facts.addAll(reports.values());
            whole = false;
        }
        waiting = new ArrayList<>();
        long first = next;
        next += facts.size();
        lines.send(new Facts(gateway, epoch, first, complete, listenedMillis.getAsLong(), facts));
    }

    // ---- bounds

    private void letGo() {
        while (outputCharacters > MOST_OUTPUT_CHARACTERS) {
            Fact.Said eldest = reports.get(withOutput.removeFirst());
            outputCharacters -= outputCharacters(eldest);
            reports.put(eldest.report(), withoutOutput(eldest));
            letGo("output of a result", eldest);
        }
        while (reports.size() > MOST_REPORTS) {
            letGo("a report", forgetEldest());
        }
    }

    private void letGo(String what, Fact.Said said) {
        dropped++;
        if (Long.bitCount(dropped) == 1) {
            LOG.error(
                    "{} is not kept until it is stored, because too much waits for that: it is lost if the coordinator ends"
                            + " now [job: {}, org: {}, node: {}, so far: {}]",
                    what,
                    said.jobId(),
                    said.node().orgGuid(),
                    said.node().node(),
                    dropped);
        }
    }

    private static Fact.Said again(Fact.Said said) {
        return new Fact.Said(said.node(), said.session(), said.report(), true, said.message());
    }

    private static long outputCharacters(Fact.Said said) {
        return switch (said.message()) {
            case AgentMessage.Succeeded result ->
                result.output().map(FactOutbox::characters).orElse(0L);
            case AgentMessage.Failed result ->
                result.output().map(FactOutbox::characters).orElse(0L);
            case AgentMessage.Heartbeat _,
                    AgentMessage.AckCommit _,
                    AgentMessage.NackCommit _,
                    AgentMessage.AckRun _,
                    AgentMessage.NackRun _,
                    AgentMessage.TimingOut _,
                    AgentMessage.OutputChunk _,
                    AgentMessage.Aborted _,
                    AgentMessage.Goodbye _ -> 0;
        };
    }

    private static long characters(Output output) {
        return (long) output.stdout().length() + output.stderr().length();
    }

    private static Fact.Said withoutOutput(Fact.Said said) {
        AgentMessage bare = switch (said.message()) {
            case AgentMessage.Succeeded result ->
                new AgentMessage.Succeeded(result.envelope(), Optional.empty(), result.ending());
            case AgentMessage.Failed result ->
                new AgentMessage.Failed(result.envelope(), Optional.empty(), result.ending());
            case AgentMessage.Heartbeat _,
                    AgentMessage.AckCommit _,
                    AgentMessage.NackCommit _,
                    AgentMessage.AckRun _,
                    AgentMessage.NackRun _,
                    AgentMessage.TimingOut _,
                    AgentMessage.OutputChunk _,
                    AgentMessage.Aborted _,
                    AgentMessage.Goodbye _ -> said.message();
        };
        return new Fact.Said(said.node(), said.session(), said.report(), said.repeated(), bare);
    }
}
