package org.pushjobs.simulator.fleet;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.pushjobs.protocol.codec.AgentMessageCodec;
import org.pushjobs.protocol.codec.RejectedMessageException;
import org.pushjobs.protocol.codec.ServerMessageReader;
import org.pushjobs.protocol.keys.Z85;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.protocol.message.ServerHeartbeat;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.protocol.signing.MessageHeader;
import org.pushjobs.simulator.config.AgentConfig;
import org.pushjobs.simulator.job.Agenda;
import org.pushjobs.simulator.report.Tally.Count;
import org.pushjobs.simulator.script.Cast;
import org.pushjobs.simulator.script.Script;
import org.pushjobs.simulator.wire.Wire.Listener;
import org.pushjobs.zmtp.ZmtpConnection;
import org.pushjobs.zmtp.nacl.KeyPair;

/**
 * One agent: its configuration, its connection to the command port and its messages (wire-protocol.md, "What the agent does
 * with it"). What it does about jobs is in {@link Agenda}, what it concludes from silence in {@link ServerWatch}. Belongs to
 * the thread of its loop. Longer than most classes, because configuration and connection replace each other.
 */
final class SimulatedNode implements Agenda.Hands {
    private static final String CLIENT_HOST = "simulator";
    private static final long LONGEST_RETRY_MILLIS = 60_000;
    private static final long FIRST_RETRY_MILLIS = 1_000;
    private static final int MOST_DOUBLINGS = 6;
    private static final long RECHECK_MILLIS = 5_000;
    private static final double LIFETIME_SPLAY = 0.1;
    private static final long NEVER = Long.MAX_VALUE;

    private final FleetLoop loop;
    private final String name;
    private final double position;
    private final Script part;
    private final Agenda agenda = new Agenda(this);
    private final Runnable beat = this::beat;
    private final HeartbeatFeed ownFeed;

    /** Counts starts, so that what belongs to an earlier life can be told. */
    private int life;

    private boolean running;
    private String incarnationId = "";
    private long sequence;
    private KeyPair keys;
    private AgentConfig config;
    private ServerMessageReader reader;
    private ServerWatch watch;
    private ZmtpConnection<Listener> connection;
    private int attempt;
    private boolean fetching;
    private int failedFetches;
    private Count fetchReason = Count.FETCHES;
    private long fetchDueMillis = NEVER;
    private int wheelInterval;

    /** @param position from 0 to below 1, the place of its heartbeats within the interval */
    SimulatedNode(FleetLoop loop, String name, double position, Script part) {
        this.loop = loop;
        this.name = name;
        this.position = position;
        this.part = part;
        this.ownFeed = new HeartbeatFeed(loop, this::serverHeartbeat);
    }

    /** Starts the agent as a new process, after ending the one that runs. */
    void start() {
        stop();
        int mine = life;
        running = true;
        incarnationId = UUID.randomUUID().toString();
        sequence = 0;
        loop.newKeys().onComplete(made -> {
            if (mine == life) {
                keys = made.result();
                fetch(Count.FETCHES);
            }
        });
    }

    /** Ends the agent like a process that is killed. */
    void stop() {
        life++;
        running = false;
        fetching = false;
        failedFetches = 0;
        fetchDueMillis = NEVER;
        agenda.reset();
        closeConnection();
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

    /** Breaks the connection to the command port; the agent connects again at once. */
    void dropConnection() {
        if (connection != null) {
            closeConnection();
            connect();
        }
    }

    private void fetch(Count reason) {
        if (fetching) {
            return;
        }
        fetching = true;
        fetchDueMillis = NEVER;
        int mine = life;
        loop.configs().fetch(name, Z85.encode(keys.publicKey())).onComplete(answer -> {
            if (mine != life) {
                return;
            }
            fetching = false;
            if (answer.succeeded()) {
                failedFetches = 0;
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
        boolean sameConnection = reason == Count.FETCHES_FOR_LIFETIME
                && config.document().commandAddress().equals(fetched.document().commandAddress())
                && config.document().incarnationId().equals(fetched.document().incarnationId());
        config = fetched;
        reader = fetched.reader(loop.clock());
        long life = Duration.ofSeconds(fetched.document().lifetimeSeconds()).toMillis();
        plan(
                Count.FETCHES_FOR_LIFETIME,
                loop.now() + (long) (life * (1 - LIFETIME_SPLAY * loop.random().nextDouble())));
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
        closeConnection();
        connect();
    }

    private void connect() {
        int mine = ++attempt;
        loop.wire()
                .connectDealer(
                        config.document().commandAddress(), config.document().curvePublicKey(), keys, new Listener() {
                            @Override
                            public void message(byte[] header, byte[] body) {
                                if (mine == attempt) {
                                    received(header, body);
                                }
                            }

                            @Override
                            public void closed() {
                                if (mine == attempt) {
                                    lost();
                                }
                            }
                        })
                .onComplete(connected -> {
                    if (mine != attempt) {
                        if (connected.succeeded()) {
                            connected.result().close();
                        }
                    } else if (connected.succeeded()) {
                        loop.tally().add(Count.CONNECTIONS);
                        connection = connected.result();
                        watch.connected();
                        beat();
                    } else {
                        loop.tally().add(Count.CONNECTIONS_FAILED);
                        loop.tally().error("command port: " + connected.cause().getMessage());
                        connectLater();
                    }
                });
    }

    private void lost() {
        loop.tally().add(Count.CONNECTIONS_LOST);
        connection = null;
        watch.disconnected();
        connectLater();
    }

    private void connectLater() {
        int mine = attempt;
        loop.later(loop.reconnectPause(), () -> {
            if (mine == attempt && config != null) {
                connect();
            }
        });
    }

    private void closeConnection() {
        attempt++;
        if (connection != null) {
            connection.close();
            connection = null;
        }
        if (watch != null) {
            watch.disconnected();
        }
    }

    private void beat() {
        if (connection != null && watch.isOnline() && !loop.isHushed()) {
            JobState state = agenda.reportedState();
            send(agenda.reportedJob(), envelope -> new AgentMessage.Heartbeat(envelope, state));
            loop.tally().add(Count.HEARTBEATS_SENT);
        }
    }

    private void send(Optional<String> jobId, Function<AgentEnvelope, AgentMessage> type) {
        byte[] body = AgentMessageCodec.encode(type.apply(new AgentEnvelope(
                name, CLIENT_HOST, loop.orgName(), sequence++, loop.clock().instant(), incarnationId, jobId)));
        connection.send(MessageHeader.hmac(body, config.sessionKey()).encode(), body);
    }

    private void received(byte[] header, byte[] body) {
        ServerMessage message;
        try {
            message = reader.readCommand(header, body);
        } catch (RejectedMessageException e) {
            loop.tally().error("command port: " + e.getMessage());
            return;
        }
        if (watch.answered()) {
            agenda.flush();
        }
        switch (message) {
            case ServerMessage.Commit commit -> {
                loop.tally().add(Count.COMMITS);
                agenda.commit(
                        commit.jobId(),
                        Cast.of(commit.spec().command(), part),
                        commit.spec().capture());
            }
            case ServerMessage.Run(var jobId) -> {
                loop.tally().add(Count.RUNS);
                agenda.run(jobId);
            }
            case ServerMessage.Abort() -> {
                loop.tally().add(Count.ABORTS);
                agenda.abort();
            }
            case ServerMessage.Ack() -> loop.tally().add(Count.ACKS);
            case ServerMessage.AckResult _, ServerMessage.AckOutput _ ->
                loop.tally().error("command port: a message of protocol 2.1 to an agent that speaks 2.0");
        }
    }

    @Override
    public void send(Agenda.Answer answer, Optional<String> jobId) {
        if (connection == null) {
            return;
        }
        send(
                jobId,
                switch (answer) {
                    case ACK_COMMIT -> AgentMessage.AckCommit::new;
                    case NACK_COMMIT -> AgentMessage.NackCommit::new;
                    case ACK_RUN -> AgentMessage.AckRun::new;
                    case NACK_RUN -> AgentMessage.NackRun::new;
                    case ABORTED -> AgentMessage.Aborted::new;
                });
    }

    @Override
    public boolean trySend(Agenda.JobResult result) {
        if (connection == null || !watch.isAvailable()) {
            return false;
        }
        Optional<Output> output = result.outputBytes() > 0
                ? Optional.of(new Output("x".repeat(result.outputBytes()), ""))
                : Optional.empty();
        send(Optional.of(result.jobId()), envelope -> switch (result.result()) {
            case SUCCEEDED -> new AgentMessage.Succeeded(envelope, output);
            case FAILED -> new AgentMessage.Failed(envelope, output);
        });
        loop.tally().add(Count.RESULTS_SENT);
        return true;
    }

    @Override
    public void later(Duration delay, Runnable step) {
        int mine = life;
        loop.later(delay, () -> {
            if (mine == life) {
                step.run();
            }
        });
    }

    /** To be called for each server heartbeat that a shared subscription received. */
    void serverHeartbeat(ServerHeartbeat heartbeat) {
        if (config == null) {
            return;
        }
        watch.heard(loop.now());
        if (!fetching
                && !heartbeat.incarnationId().equals(config.document().incarnationId())
                && fetchReason != Count.FETCHES_FOR_INCARNATION) {
            plan(Count.FETCHES_FOR_INCARNATION, loop.now() + loop.random().nextLong(config.intervalMillis()));
        }
    }

    /** Looks after what depends on time; to be called several times a second. */
    void look() {
        if (!running) {
            return;
        }
        long now = loop.now();
        if (now >= fetchDueMillis) {
            if (agenda.reportedState() == JobState.IDLE) {
                Count reason = fetchReason;
                fetchReason = Count.FETCHES;
                fetch(reason);
            } else {
                fetchDueMillis = now + RECHECK_MILLIS;
            }
        }
        if (config == null) {
            return;
        }
        if (watch.wentAway(now)) {
            loop.tally().add(Count.SERVER_AWAY);
            openPorts();
        }
        if (watch.isDeaf(now) && !fetching) {
            fetch(Count.FETCHES_FOR_SILENCE);
        }
    }

    boolean isConnected() {
        return connection != null;
    }

    boolean isAvailable() {
        return connection != null && watch.isAvailable();
    }

    boolean isRunning() {
        return running;
    }
}
