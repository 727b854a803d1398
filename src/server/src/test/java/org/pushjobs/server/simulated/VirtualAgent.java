package org.pushjobs.server.simulated;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.NackReason;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.protocol.message.ServerMessage;

/**
 * An agent that keeps to wire-protocol.md, with all its lives. Answers and heartbeats are written and sent by different threads,
 * so that each may overtake the other. What it does with jobs is here; how it gets to a gateway is in {@link AgentLink}. Agents of
 * protocol 2.0 say a result once; those of 2.1 keep it until it is acknowledged, and say that they still run the job while it
 * waits to be sent.
 */
final class VirtualAgent {
    /** Between the look at what it does and the message about it. */
    private static final int MOST_HEARTBEAT_MILLIS = 15;

    private static final long FIRST_REPETITION_MILLIS = 5_000;
    private static final long LONGEST_REPETITION_MILLIS = 60_000;

    /** Shorter ones mean nothing to anybody. */
    private static final long LONG_SILENCE_MILLIS = 2_000;

    private static final int MANY_BREAKS = 3;
    private static final long MANY_BREAKS_MILLIS = 4_000;

    private final World world;
    private final SplittableRandom random;
    private final NodeRef ref;
    private final boolean extended;
    private VirtualProcess process;
    private AgentLink link;
    private int life;
    private int home;
    private long sequence;
    private Time time = Time.RIGHT;

    private JobState state = JobState.IDLE;
    private Optional<String> jobId = Optional.empty();
    private ServerMessage.Commit commit;
    /** Rises with each command that begins or ends. */
    private int run;

    private boolean killing;
    private long obeyedMillis;
    private long answeredMillis;
    private long heardMillis;
    private final Deque<Long> breaks = new ArrayDeque<>();
    /** Those that wait to be sent, of protocol 2.1 only. */
    private final Deque<AgentMessage> waiting = new ArrayDeque<>();
    /** Those that were sent and not acknowledged. */
    private final Deque<AgentMessage> unacknowledged = new ArrayDeque<>();

    /** What its clock shows. */
    enum Time {
        RIGHT(0),
        /** More than messages may be off: the server takes it for a sign of life only. */
        AHEAD(600_000),
        /** As well, and it rejects what the server sends. */
        BEHIND(-600_000);

        private final long offMillis;

        Time(long offMillis) {
            this.offMillis = offMillis;
        }
    }

    VirtualAgent(World world, SplittableRandom random, NodeRef ref, boolean extended) {
        this.world = world;
        this.random = random;
        this.ref = ref;
        this.extended = extended;
        this.home = random.nextInt(2);
    }

    NodeRef ref() {
        return ref;
    }

    /** Which backend it was told to connect to. */
    int home() {
        return home;
    }

    void moveTo(int otherHome) {
        home = otherHome;
    }

    boolean isExtended() {
        return extended;
    }

    VirtualProcess process() {
        return process;
    }

    AgentLink link() {
        return link;
    }

    boolean isBusy() {
        return state != JobState.IDLE;
    }

    boolean isRunning() {
        return state == JobState.RUNNING;
    }

    /** Whether it does nothing and has nothing to say. */
    boolean isQuiet() {
        return process.isRunning() && !isBusy() && waiting.isEmpty() && unacknowledged.isEmpty() && link.isOnline();
    }

    // ---- its lives

    void start() {
        life++;
        process = new VirtualProcess(ref.node() + "#" + life, ref.node(), world.timeline(), random.split());
        link = new AgentLink(world, random.split(), this);
        link.start();
        process.after(
                random.nextInt((int) World.INTERVAL_MILLIS), () -> process.every(World.INTERVAL_MILLIS, this::tick));
    }

    /** It is killed, and its command with it. */
    void die() {
        ended(History.CommandEnd.DIED);
        become(JobState.IDLE, Optional.empty());
        killing = false;
        waiting.clear();
        unacknowledged.clear();
        process.end();
        link.end();
    }

    void setClock(Time newTime) {
        time = newTime;
    }

    private void tick() {
        link.look();
        if (link.isSpeaking()) {
            AgentMessage heartbeat = new AgentMessage.Heartbeat(envelope(reportedJob()), reportedState());
            process.after(random.nextInt(MOST_HEARTBEAT_MILLIS), () -> link.send(heartbeat));
        }
    }

    private JobState reportedState() {
        return resultIsReported() ? JobState.RUNNING : state;
    }

    private Optional<String> reportedJob() {
        return resultIsReported() ? waiting.getFirst().jobId() : jobId;
    }

    private boolean resultIsReported() {
        return state == JobState.IDLE && !waiting.isEmpty();
    }

    /** Between a change of its state and the message about it. */
    private long delay() {
        return random.nextInt(20) == 0 ? random.nextInt(700) : random.nextInt(10);
    }

    // ---- what it is told

    /** The connection has brought something. */
    void arrived(VirtualConnection from, ServerMessage message) {
        process.arrive(() -> {
            if (link.hears(from) && time != Time.BEHIND) {
                long delay = random.nextInt(20) == 0 ? random.nextInt(300) : random.nextInt(3);
                obeyedMillis = Math.max(obeyedMillis, world.timeline().millis() + delay);
                process.after(obeyedMillis - world.timeline().millis(), () -> obey(message));
            }
        });
    }

    private void obey(ServerMessage message) {
        switch (message) {
            case ServerMessage.Commit asked -> committed(asked);
            case ServerMessage.Run(String id) -> run(id);
            case ServerMessage.Abort _ -> abort();
            case ServerMessage.AckResult(String id) -> {
                world.history().add(new History.Acknowledged(ref.node(), id));
                waiting.removeIf(result -> result.jobId().equals(Optional.of(id)));
                unacknowledged.removeIf(result -> result.jobId().equals(Optional.of(id)));
            }
            case ServerMessage.Ack _, ServerMessage.AckOutput _ -> {
                // shows that the connection works
            }
        }
    }

    private void committed(ServerMessage.Commit asked) {
        Optional<String> about = Optional.of(asked.jobId());
        Work work = Work.of(asked.spec().command());
        if (isBusy() || work.isRefusedBy(ref.node())) {
            world.history().add(new History.Refused(ref.node(), asked.jobId(), isBusy()));
            Optional<NackReason> reason =
                    extended ? Optional.of(new NackReason("busy", "busy or unwilling")) : Optional.empty();
            answer(new AgentMessage.NackCommit(envelope(about), reason));
            return;
        }
        commit = asked;
        become(JobState.COMMITTED, about);
        answer(new AgentMessage.AckCommit(envelope(about)));
    }

    private void run(String id) {
        Optional<String> about = Optional.of(id);
        if (state == JobState.COMMITTED && jobId.equals(about)) {
            become(JobState.RUNNING, about);
            Work work = Work.of(commit.spec().command());
            world.history().add(new History.Executed(ref.node(), id, work.name()));
            int mine = ++run;
            process.after(work.millisOn(ref.node()), () -> finish(mine, work));
            answer(new AgentMessage.AckRun(envelope(about)));
            timeOut(mine);
        } else if (extended && state == JobState.RUNNING && jobId.equals(about)) {
            // it is known by now that it runs
            world.history().add(new History.Note(ref.node() + " is told again to run " + id));
        } else {
            Optional<NackReason> reason =
                    extended ? Optional.of(new NackReason("not_committed", "not committed")) : Optional.empty();
            answer(new AgentMessage.NackRun(envelope(about), reason));
        }
    }

    /** An agent of 2.1 ends a command whose time is over. */
    private void timeOut(int mine) {
        if (extended && commit.runTimeoutSeconds().isPresent()) {
            process.after(commit.runTimeoutSeconds().getAsInt() * 1_000L, () -> {
                if (run == mine && !killing) {
                    answer(new AgentMessage.TimingOut(envelope(jobId)));
                    report(History.CommandEnd.KILLED, new Ending(137, Optional.of("KILL"), true, Optional.empty()));
                }
            });
        }
    }

    private void finish(int mine, Work work) {
        if (run == mine && !killing) {
            boolean succeeds = work.succeedsOn(ref.node());
            report(
                    succeeds ? History.CommandEnd.SUCCEEDED : History.CommandEnd.FAILED,
                    Ending.ofExitCode(succeeds ? 0 : 1));
        }
    }

    private void report(History.CommandEnd end, Ending ending) {
        Optional<Output> output = commit.spec().capture() ? Optional.of(new Output("out", "")) : Optional.empty();
        AgentEnvelope envelope = envelope(jobId);
        Optional<Ending> ended = extended ? Optional.of(ending) : Optional.empty();
        AgentMessage result = end == History.CommandEnd.SUCCEEDED
                ? new AgentMessage.Succeeded(envelope, output, ended)
                : new AgentMessage.Failed(envelope, output, ended);
        ended(end);
        become(JobState.IDLE, Optional.empty());
        if (extended) {
            waiting.addLast(result);
            inTurn(this::sendResults);
        } else {
            answer(result);
        }
        link.jobEnded();
    }

    private void abort() {
        if (killing) {
            return;
        }
        Optional<String> about = jobId.or(
                () -> waiting.isEmpty() ? Optional.empty() : waiting.getFirst().jobId());
        waiting.clear();
        unacknowledged.clear();
        disturbed(History.Disturbance.ABORTED);
        if (state == JobState.RUNNING && extended) {
            killing = true;
            process.after(random.nextInt(1_000), () -> aborted(about));
        } else {
            aborted(about);
        }
    }

    void disturbed(History.Disturbance what) {
        world.history().add(new History.Disturbed(ref.node(), what, OptionalLong.empty()));
    }

    private void aborted(Optional<String> about) {
        killing = false;
        disturbed(History.Disturbance.ABORTED);
        ended(History.CommandEnd.KILLED);
        become(JobState.IDLE, Optional.empty());
        answer(new AgentMessage.Aborted(envelope(about)));
        link.jobEnded();
    }

    private void become(JobState newState, Optional<String> newJob) {
        state = newState;
        jobId = newJob;
    }

    private void ended(History.CommandEnd how) {
        if (state == JobState.RUNNING) {
            run++;
            world.history().add(new History.Ended(ref.node(), jobId.orElseThrow(), how));
        }
    }

    // ---- what it says

    private void answer(AgentMessage message) {
        inTurn(() -> link.send(message));
    }

    /** Answers and results keep their order. */
    private void inTurn(Runnable sending) {
        answeredMillis = Math.max(answeredMillis, world.timeline().millis() + delay());
        process.after(answeredMillis - world.timeline().millis(), sending);
    }

    private void sendResults() {
        while (!waiting.isEmpty() && link.isSpeaking()) {
            AgentMessage result = waiting.removeFirst();
            unacknowledged.addLast(result);
            link.send(result);
            sendAgain(result, FIRST_REPETITION_MILLIS);
        }
    }

    private void sendAgain(AgentMessage result, long pause) {
        process.after(pause, () -> {
            if (unacknowledged.contains(result) && link.isSpeaking()) {
                link.send(result);
                sendAgain(result, Math.min(2 * pause, LONGEST_REPETITION_MILLIS));
            }
        });
    }

    /** It has a new connection, or is online again. */
    void connectedAgain() {
        while (!unacknowledged.isEmpty()) {
            waiting.addFirst(unacknowledged.removeLast());
        }
        sendResults();
    }

    void connected(VirtualConnection made, AgentLink asked) {
        if (process.isAlive() && asked == link) {
            process.arrive(() -> link.connected(made));
        } else {
            made.breakOff(0, 0);
        }
    }

    void disconnected(VirtualConnection ended) {
        process.arrive(() -> link.disconnected(ended));
    }

    /** A gateway has heard it, and takes what it says. */
    void wasHeard() {
        long now = world.timeline().millis();
        if (now - heardMillis > LONG_SILENCE_MILLIS) {
            world.history()
                    .add(new History.Disturbed(ref.node(), History.Disturbance.SILENT, OptionalLong.of(heardMillis)));
        }
        heardMillis = now;
    }

    /** A connection of it breaks. */
    void loses() {
        long now = world.timeline().millis();
        breaks.addLast(now);
        while (breaks.getFirst() < now - MANY_BREAKS_MILLIS) {
            breaks.removeFirst();
        }
        if (breaks.size() >= MANY_BREAKS) {
            disturbed(History.Disturbance.UNSETTLED);
        }
    }

    /** A message of it did not arrive, or was not taken. */
    void lost(AgentMessage message) {
        if (isSaidOnce(message)) {
            world.history()
                    .add(new History.ResultLost(ref.node(), message.jobId().orElseThrow()));
        }
    }

    /** Whether it is a result that its agent does not keep. */
    static boolean isSaidOnce(AgentMessage message) {
        return switch (message) {
            case AgentMessage.Succeeded result -> result.ending().isEmpty();
            case AgentMessage.Failed result -> result.ending().isEmpty();
            case AgentMessage.Heartbeat _,
                    AgentMessage.AckCommit _,
                    AgentMessage.NackCommit _,
                    AgentMessage.AckRun _,
                    AgentMessage.NackRun _,
                    AgentMessage.TimingOut _,
                    AgentMessage.OutputChunk _,
                    AgentMessage.Aborted _,
                    AgentMessage.Goodbye _ -> false;
        };
    }

    Time time() {
        return time;
    }

    @Override
    public String toString() {
        return "%s %s %s %s [%s%s%s, waiting: %d, unacknowledged: %d]"
                .formatted(
                        process,
                        extended ? "2.1" : "2.0",
                        state,
                        jobId.orElse("-"),
                        link.isOnline() ? "online" : "offline",
                        link.isDeaf() ? ", deaf" : "",
                        process.isRunning() ? "" : ", does not move",
                        waiting.size(),
                        unacknowledged.size());
    }

    private AgentEnvelope envelope(Optional<String> about) {
        return new AgentEnvelope(
                ref.node(),
                "host",
                "acme",
                ++sequence,
                VirtualProcess.time(world.timeline().millis() + time.offMillis),
                ref.node() + "#" + life,
                about,
                extended ? AgentEnvelope.EXTENDED_PROTOCOL_VERSION : AgentEnvelope.PROTOCOL_VERSION);
    }
}
