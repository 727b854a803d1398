package org.pushjobs.simulator.fleet;

import java.time.Duration;
import java.util.Optional;
import org.pushjobs.protocol.message.ServerHeartbeat;
import org.pushjobs.simulator.config.AgentConfig;
import org.pushjobs.simulator.diary.Entry.What;
import org.pushjobs.simulator.job.Agenda;
import org.pushjobs.simulator.report.Tally.Count;
import org.pushjobs.simulator.script.Script;
import org.pushjobs.zmtp.nacl.KeyPair;

/**
 * An agent that heals: its configuration, when it opens its ports, and what it sends (wire-protocol.md, "What the agent does
 * with it"). What it does about jobs is in {@link Agenda}, what it concludes from silence in {@link ServerWatch}; its
 * connection is a {@link CommandPort}. Belongs to the thread of its loop. Longer than most classes, because configuration,
 * ports and heartbeats begin and end together.
 */
final class SimulatedNode implements FleetNode, Agenda.Hands, CommandPort.Events {
    /** What cannot be sent at once is lost, results wait in the agenda. */
    private static final int NO_QUEUE = 0;

    private static final long LONGEST_RETRY_MILLIS = 60_000;
    private static final long FIRST_RETRY_MILLIS = 1_000;
    private static final int MOST_DOUBLINGS = 6;
    private static final long RECHECK_MILLIS = 1_000;
    private static final double LIFETIME_SPLAY = 0.1;
    private static final long NEVER = Long.MAX_VALUE;

    private final FleetLoop loop;
    private final String name;
    private final double position;
    private final Agenda agenda = new Agenda(this, Agenda.RepeatedRun.IGNORED);
    private final Orders orders;
    private final CommandPort port;
    private final Runnable beat = this::beat;
    private final HeartbeatFeed ownFeed;

    /** Counts starts, so that what belongs to an earlier life can be told. */
    private int life;

    private boolean running;
    private Speech speech;
    private KeyPair keys;
    private AgentConfig config;
    private ServerWatch watch;
    private boolean fetching;
    private int failedFetches;
    private int fetches;
    private Count fetchReason = Count.FETCHES;
    private long fetchDueMillis = NEVER;
    private Postponed postponed = new Postponed();
    private long lifetimeEndMillis;
    private int wheelInterval;

    /** @param position from 0 to below 1, the place of its heartbeats within the interval */
    SimulatedNode(FleetLoop loop, String name, double position, Script part) {
        this.loop = loop;
        this.name = name;
        this.position = position;
        this.orders = new Orders(loop, agenda, part);
        this.port = new CommandPort(loop, NO_QUEUE, this);
        this.ownFeed = new HeartbeatFeed(loop, this::serverHeartbeat);
    }

    @Override
    public void start() {
        stop();
        int mine = life;
        running = true;
        speech = new Speech(loop, name);
        loop.newKeys().onComplete(made -> {
            if (mine == life) {
                keys = made.result();
                fetch(Count.FETCHES);
            }
        });
    }

    @Override
    public void stop() {
        life++;
        running = false;
        fetching = false;
        failedFetches = 0;
        fetchDueMillis = NEVER;
        postponed = new Postponed();
        agenda.reset();
        port.close();
        fetches = 0;
        ownFeed.close();
        config = null;
        if (wheelInterval > 0) {
            loop.wheel(wheelInterval).remove(position, beat);
            wheelInterval = 0;
        }
    }

    @Override
    public void vanish() {
        loop.tally().add(Count.VANISHED);
        stop();
    }

    /** The agent connects again at once. */
    @Override
    public void dropConnection() {
        if (port.isConnected()) {
            watch.disconnected();
            port.reconnect();
        }
    }

    @Override
    public void finishCommand() {
        agenda.finish();
    }

    private void fetch(Count reason) {
        if (fetching) {
            return;
        }
        fetching = true;
        fetchDueMillis = NEVER;
        int mine = life;
        loop.fetch(name, keys).onComplete(answer -> {
            if (mine != life) {
                return;
            }
            fetching = false;
            if (answer.succeeded()) {
                failedFetches = 0;
                fetches++;
                loop.tally().add(Count.FETCHES);
                if (reason != Count.FETCHES) {
                    loop.tally().add(reason);
                }
                configured(answer.result(), reason);
            } else {
                loop.tally().add(Count.FETCHES_FAILED);
                loop.tally().error("configuration: " + answer.cause().getMessage());
                long pause =
                        Math.min(FIRST_RETRY_MILLIS << Math.min(failedFetches++, MOST_DOUBLINGS), LONGEST_RETRY_MILLIS);
                plan(reason, loop.now() + pause / 2 + loop.random().nextLong(pause / 2));
            }
        });
    }

    private void plan(Count reason, long atMillis) {
        if (atMillis < fetchDueMillis) {
            fetchReason = reason;
            fetchDueMillis = atMillis;
        }
    }

    private void configured(AgentConfig fetched, Count reason) {
        if (port.isConnected()
                && !config.document().commandAddress().equals(fetched.document().commandAddress())) {
            note(What.LEFT, Optional.empty());
        }
        boolean sameConnection = reason == Count.FETCHES_FOR_LIFETIME
                && config.document().commandAddress().equals(fetched.document().commandAddress())
                && config.document().incarnationId().equals(fetched.document().incarnationId());
        config = fetched;
        orders.expect(fetched);
        speech.speak(fetched.protocolVersion());
        long life = Duration.ofSeconds(fetched.document().lifetimeSeconds()).toMillis();
        lifetimeEndMillis =
                loop.now() + (long) (life * (1 - LIFETIME_SPLAY * loop.random().nextDouble()));
        plan(Count.FETCHES_FOR_LIFETIME, lifetimeEndMillis);
        beatEvery(fetched.intervalMillis());
        if (!sameConnection) {
            watch = new ServerWatch(
                    fetched.intervalMillis(),
                    fetched.document().offlineThreshold(),
                    fetched.document().onlineThreshold(),
                    loop.now());
            openPorts();
        }
    }

    private void beatEvery(int intervalMillis) {
        if (wheelInterval != intervalMillis) {
            if (wheelInterval > 0) {
                loop.wheel(wheelInterval).remove(position, beat);
            }
            wheelInterval = intervalMillis;
            loop.wheel(intervalMillis).add(position, beat);
        }
    }

    private void openPorts() {
        loop.listen(config, ownFeed);
        watch.disconnected();
        port.open(config, keys);
    }

    @Override
    public void connected() {
        watch.connected();
        agenda.sayAgain();
        beat();
    }

    @Override
    public void lost() {
        note(What.LOST, Optional.empty());
        watch.disconnected();
    }

    private void beat() {
        if (port.isConnected() && watch.isOnline() && !loop.isHushed()) {
            port.send(speech.heartbeat(agenda));
            loop.tally().add(Count.HEARTBEATS_SENT);
        }
    }

    @Override
    public void message(byte[] header, byte[] body) {
        orders.read(header, body).ifPresent(message -> {
            if (watch.answered()) {
                note(What.BACK, Optional.empty());
                agenda.flush();
            }
            orders.follow(message);
        });
    }

    @Override
    public void send(Agenda.Answer answer, Optional<String> jobId) {
        note(said(answer), jobId);
        if (port.isConnected()) {
            port.send(speech.answer(answer, jobId));
        }
    }

    private void note(What what, Optional<String> jobId) {
        loop.diary().note(what, name, jobId);
    }

    private static What said(Agenda.Answer answer) {
        return switch (answer) {
            case ACK_COMMIT -> What.ACK_COMMIT;
            case NACK_COMMIT -> What.NACK_COMMIT;
            case ACK_RUN -> What.ACK_RUN;
            case NACK_RUN -> What.NACK_RUN;
            case ABORTED -> What.ABORTED;
        };
    }

    @Override
    public Agenda.Sending trySend(Agenda.JobResult result, int said) {
        if (!port.isConnected() || !takesResults()) {
            return Agenda.Sending.NOT_NOW;
        }
        if (said == 0) {
            note(What.RESULT, Optional.of(result.jobId()));
        } else {
            loop.tally().add(Count.RESULTS_REPEATED);
        }
        port.send(speech.result(result));
        loop.tally().add(Count.RESULTS_SENT);
        return config.isExtended() ? Agenda.Sending.KEEP : Agenda.Sending.FORGET;
    }

    /** A server that acknowledges results gets them as soon as it seems to be there, others when it has answered. */
    private boolean takesResults() {
        return config.isExtended() ? watch.isOnline() : watch.isAvailable();
    }

    @Override
    public long now() {
        return loop.now();
    }

    @Override
    public void later(Duration delay, Runnable step) {
        loop.later(delay, inThisLife(step));
    }

    @Override
    public void inTurn(Runnable step) {
        loop.longSteps().add(inThisLife(step));
    }

    private Runnable inThisLife(Runnable step) {
        int mine = life;
        return () -> {
            if (mine == life) {
                step.run();
            }
        };
    }

    @Override
    public void serverHeartbeat(ServerHeartbeat heartbeat) {
        if (config == null) {
            return;
        }
        watch.heard(loop.now());
        // the server's first message may have come before its heartbeats said that it is there
        agenda.flush();
        if (!fetching
                && !heartbeat.incarnationId().equals(config.document().incarnationId())
                && fetchReason != Count.FETCHES_FOR_INCARNATION) {
            plan(Count.FETCHES_FOR_INCARNATION, loop.now() + loop.random().nextLong(config.intervalMillis()));
        }
    }

    @Override
    public void look() {
        if (!running) {
            return;
        }
        long now = loop.now();
        lookForServer(now);
        if (now >= fetchDueMillis) {
            // a result that waits may need the new configuration to arrive
            if (postponed.mustWait(agenda.state(), now)) {
                fetchDueMillis = now + RECHECK_MILLIS;
            } else {
                Count reason = fetchReason;
                fetchReason = Count.FETCHES;
                fetch(reason);
            }
        }
        if (config == null) {
            return;
        }
        agenda.sayOverdue();
        if (watch.wentAway(now)) {
            loop.tally().add(Count.SERVER_AWAY);
            openPorts();
        }
        if (watch.isDeaf(now) && !fetching) {
            fetch(Count.FETCHES_FOR_SILENCE);
        }
    }

    /** Within an interval after the heartbeat port could not be reached for one, as this project's agents do. */
    private void lookForServer(long now) {
        if (config == null || fetching || !loop.areRoaming()) {
            return;
        }
        boolean isPlanned = fetchReason == Count.FETCHES_FOR_SERVER;
        if (isPlanned && ownFeed.isUp()) {
            fetchDueMillis = NEVER;
            plan(Count.FETCHES_FOR_LIFETIME, lifetimeEndMillis);
        } else if (!isPlanned && ownFeed.downMillis() >= config.intervalMillis()) {
            plan(Count.FETCHES_FOR_SERVER, now + loop.random().nextLong(config.intervalMillis()));
        }
    }

    @Override
    public boolean isConnected() {
        return port.isConnected();
    }

    @Override
    public boolean isAvailable() {
        return port.isConnected() && watch.isAvailable();
    }

    @Override
    public boolean isDeaf() {
        return false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int fetches() {
        return fetches;
    }
}
