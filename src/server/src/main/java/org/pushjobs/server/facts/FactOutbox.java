package org.pushjobs.server.facts;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.protocol.message.OutputTail;
import org.pushjobs.server.time.Schedule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gateway's end of the line to the term: numbers its facts, sends those of one moment together, and keeps reports about jobs
 * until a term has acknowledged that what came of them is stored. A new term is told everything, and so is one that misses
 * something. Belongs to the event loop of the node sessions.
 *
 * <p>What is kept is bounded. Output that comes with results is let go first, eldest first: its result stays, and is without output
 * only if it has to be told again. Then whole reports go.
 */
public final class FactOutbox {
    /** What is kept of output at most. */
    static final long MOST_OUTPUT_BYTES = 32L << 20;

    /** How many reports are kept at most. */
    static final int MOST_REPORTS = 200_000;

    /** So many facts go together at most, and so much output: the term works on some while others come. */
    static final int MOST_TOGETHER = 100;

    private static final int MOST_OUTPUT_TOGETHER_BYTES = 256 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(FactOutbox.class);

    private final String gateway;
    private final Lines lines;
    private final Schedule schedule;
    private final LongSupplier listenedMillis;
    private final Supplier<List<Fact.Attached>> everything;
    /** Those that were not acknowledged, by their number, in its order. */
    private final SequencedMap<Long, Kept> reports = new LinkedHashMap<>();
    /** Numbers of those whose output is kept. */
    private final Deque<Long> withOutput = new ArrayDeque<>();

    private final KeptOutputs outputs = new KeptOutputs();
    private long lastReport;
    private long dropped;

    private long epoch;
    private long next = 1;
    private boolean whole;
    private boolean soon;
    private List<Fact> waiting = new ArrayList<>();
    private long waitingOutputBytes;

    /**
     * A report that was not acknowledged.
     *
     * @param said without output
     * @param output what of that is kept
     */
    private record Kept(Fact.Said said, Optional<KeptOutput> output) {
        private Kept again() {
            return new Kept(new Fact.Said(said.node(), said.session(), said.report(), true, said.message()), output);
        }
    }

    /**
     * Output of a result that is kept.
     *
     * @param tailOffset where it is the last of what a failed command wrote: how much came before it
     */
    private record KeptOutput(KeptOutputs.Place place, OptionalLong tailOffset) {}

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
            reports.replaceAll((_, kept) -> kept.again());
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
        if (waiting.size() >= MOST_TOGETHER || waitingOutputBytes >= MOST_OUTPUT_TOGETHER_BYTES) {
            flush();
        } else {
            flushSoon();
        }
    }

    /** The agent has sent a message about a live job. */
    public void said(NodeRef node, long session, AgentMessage message) {
        Fact.Said said = new Fact.Said(node, session, ++lastReport, false, message);
        Kept kept = keep(message)
                .map(output -> new Kept(with(said, Optional.empty(), Optional.empty()), Optional.of(output)))
                .orElseGet(() -> new Kept(said, Optional.empty()));
        reports.put(said.report(), kept);
        kept.output().ifPresent(output -> {
            withOutput.addLast(said.report());
            waitingOutputBytes += output.place().bytes();
        });
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
        Kept eldest = reports.pollFirstEntry().getValue();
        eldest.output().ifPresent(output -> {
            withOutput.removeFirst();
            outputs.letGoUpTo(output.place());
        });
        return eldest.said();
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

    /** How many bytes of output are kept with them. Usable from any thread, which may see an older number. */
    public long outputBytes() {
        return outputs.bytes();
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
        boolean complete = whole;
        List<Fact> facts = complete ? new ArrayList<>(everything.get()) : waiting;
        if (complete) {
            reports.values().forEach(kept -> facts.add(restored(kept)));
            whole = false;
        }
        waiting = new ArrayList<>();
        waitingOutputBytes = 0;
        long first = next;
        next += facts.size();
        lines.send(new Facts(gateway, epoch, first, complete, listenedMillis.getAsLong(), facts));
    }

    // ---- bounds

    private void letGo() {
        while (outputs.bytes() > MOST_OUTPUT_BYTES) {
            long number = withOutput.removeFirst();
            Kept eldest = reports.get(number);
            outputs.letGoUpTo(eldest.output().orElseThrow().place());
            reports.put(number, new Kept(eldest.said(), Optional.empty()));
            letGo("output of a result", eldest.said());
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
                    said.message().envelope().org(),
                    said.node().node(),
                    dropped);
        }
    }

    private Fact.Said restored(Kept kept) {
        return kept.output()
                .map(output -> output.tailOffset().isPresent()
                        ? with(kept.said(), Optional.empty(), Optional.of(tail(output)))
                        : with(kept.said(), Optional.of(outputs.get(output.place())), Optional.empty()))
                .orElse(kept.said());
    }

    private OutputTail tail(KeptOutput output) {
        return new OutputTail(output.tailOffset().getAsLong(), outputs.bytes(output.place()));
    }

    /** Only one of the two comes: what is captured comes before its result where there can be a tail. */
    private Optional<KeptOutput> keep(AgentMessage message) {
        if (!(message instanceof AgentMessage.Result result)) {
            return Optional.empty();
        }
        return result.output()
                .map(output -> new KeptOutput(outputs.add(output), OptionalLong.empty()))
                .or(() -> result.ending()
                        .flatMap(Ending::tail)
                        .map(tail -> new KeptOutput(outputs.add(tail.data()), OptionalLong.of(tail.offset()))));
    }

    private static Fact.Said with(Fact.Said said, Optional<Output> output, Optional<OutputTail> tail) {
        AgentMessage message = said.message() instanceof AgentMessage.Result result
                ? result.with(output).ended(result.ending().map(ending -> ending.with(tail)))
                : said.message();
        return new Fact.Said(said.node(), said.session(), said.report(), said.repeated(), message);
    }
}
