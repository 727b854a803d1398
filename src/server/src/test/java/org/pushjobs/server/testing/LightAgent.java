package org.pushjobs.server.testing;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateKey;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.pushjobs.protocol.codec.AgentMessageCodec;
import org.pushjobs.protocol.codec.MessageLimits;
import org.pushjobs.protocol.codec.RejectedMessageException;
import org.pushjobs.protocol.codec.ServerMessageReader;
import org.pushjobs.protocol.config.ConfigDocument;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.protocol.keys.Z85;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.protocol.signing.MessageHeader;
import org.pushjobs.protocol.signing.SessionKey;
import org.pushjobs.zmtp.Limits;
import org.pushjobs.zmtp.Security;
import org.pushjobs.zmtp.ZmtpClient;
import org.pushjobs.zmtp.ZmtpConnection;
import org.pushjobs.zmtp.ZmtpListener;
import org.pushjobs.zmtp.ZmtpTarget;
import org.pushjobs.zmtp.nacl.Crypto;
import org.pushjobs.zmtp.nacl.KeyPair;
import org.pushjobs.zmtp.nacl.Nacl;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.Frames;

/**
 * An agent of protocol 2.0 or 2.1 of which hundreds live in one process, with real commands: each run is a process that
 * writes the job's id into the node's file. It connects again when its connection ends. It does not listen for heartbeats.
 * All its state belongs to one event loop.
 */
public final class LightAgent implements AutoCloseable {
    private static final long RECONNECT_MILLIS = 200;
    /** As the send queue of a real agent. */
    private static final int MOST_WAITING = 3;

    private static final Nacl NACL = Crypto.AUTO.nacl();

    private final Context context;
    private final ZmtpClient client;
    private final ConfigDocument config;
    private final SessionKey sessionKey;
    private final ServerMessageReader reader;
    private final KeyPair keys;
    private final Setup setup;
    private final String incarnationId = UUID.randomUUID().toString();
    private final Deque<AgentMessage> waiting = new ArrayDeque<>();
    private final AtomicInteger acks = new AtomicInteger();
    private Optional<ZmtpConnection<Void>> connection = Optional.empty();
    private JobState state = JobState.IDLE;
    private Optional<String> job = Optional.empty();
    private Optional<Process> command = Optional.empty();
    private Optional<AgentMessage> result = Optional.empty();
    private boolean resultIsSent;
    private boolean silent;
    private boolean connecting;
    private boolean stopped;
    private long sequence;

    /**
     * @param port to connect to in place of the server's
     * @param runs the file that commands write to
     * @param seconds that a command takes
     * @param deafInJobs whether it neither speaks nor listens while a command runs, as the original's after an outage
     */
    public record Setup(String version, Optional<Integer> port, Path runs, String seconds, boolean deafInJobs) {
        public Setup {
            Objects.requireNonNull(version, "version");
        }
    }

    private LightAgent(Vertx vertx, ConfigDocument config, SessionKey sessionKey, KeyPair keys, Setup setup) {
        this.context = vertx.getOrCreateContext();
        this.client = new ZmtpClient(vertx, NACL, Limits.DEFAULT, Optional.empty());
        this.config = config;
        this.sessionKey = sessionKey;
        this.keys = keys;
        this.setup = setup;
        this.reader = new ServerMessageReader(
                MessageLimits.DEFAULT, Clock.systemUTC(), sessionKey, PemKeys.publicKey(config.publicKey()));
    }

    /** Fetches its configuration as the node's client, and goes on by itself from there. */
    public static LightAgent start(Vertx vertx, ApiClient api, String node, RSAPrivateKey key, Setup setup)
            throws Exception {
        KeyPair keys = NACL.newKeyPair();
        ConfigDocument config = RawAgent.fetchConfig(api, node, Z85.encode(keys.publicKey()));
        SessionKey session = SessionKeys.unwrap(config.sessionKey(), key).orElseThrow();
        LightAgent agent = new LightAgent(vertx, config, session, keys, setup);
        long interval = Math.round(config.intervalSeconds() * 1000);
        agent.context.runOnContext(_ -> {
            agent.connect();
            vertx.setPeriodic(interval, timer -> {
                if (agent.stopped) {
                    vertx.cancelTimer(timer);
                } else {
                    agent.beat();
                }
            });
        });
        return agent;
    }

    /** How often the server said {@code ack}. */
    public int acks() {
        return acks.get();
    }

    /** Neither speaks nor listens any more, but keeps its connection. */
    public void fallSilent() {
        context.runOnContext(_ -> silent = true);
    }

    /** Listens and speaks again. */
    public void wakeUp() {
        context.runOnContext(_ -> {
            silent = false;
            beat();
        });
    }

    /** Ends its connection; what it has sent still arrives. It connects again after a while. */
    public void breakConnection() {
        context.runOnContext(_ -> connection.ifPresent(ZmtpConnection::close));
    }

    /** Ends like a process that is killed. */
    @Override
    public void close() {
        context.runOnContext(_ -> {
            stopped = true;
            connection.ifPresent(ZmtpConnection::close);
            command.ifPresent(Process::destroyForcibly);
        });
    }

    private void connect() {
        if (stopped || connecting) {
            return;
        }
        connecting = true;
        URI address = URI.create(config.commandAddress());
        Security security = config.curvePublicKey()
                .<Security>map(serverKey -> new Security.CurveClient(Z85.decode(serverKey), keys))
                .orElseGet(Security.Plain::new);
        ZmtpTarget target = ZmtpTarget.dealer(address.getHost(), setup.port().orElse(address.getPort()), security);
        client.<Void>connect(target, null, new Messages()).onComplete(made -> {
            connecting = false;
            if (made.failed()) {
                connectLater();
            } else if (made.result().isOpen()) {
                connection = Optional.of(made.result());
                if (isExtended()) {
                    result.ifPresent(waiting::addFirst);
                }
                flush();
                beat();
            }
        });
    }

    private void connectLater() {
        if (!stopped) {
            context.owner().setTimer(RECONNECT_MILLIS, _ -> connect());
        }
    }

    private boolean isExtended() {
        return setup.version().equals(AgentEnvelope.EXTENDED_PROTOCOL_VERSION);
    }

    private final class Messages implements ZmtpListener<Void> {
        @Override
        public void message(ZmtpConnection<Void> from, Frames frames) {
            try {
                received(reader.readCommand(frames.copy(0), frames.copy(1)));
            } catch (RejectedMessageException e) {
                throw new IllegalStateException("the server sent what an agent refuses", e);
            }
        }

        @Override
        public void closed(ZmtpConnection<Void> ended, CloseReason reason) {
            connection = Optional.empty();
            resultIsSent = false;
            connectLater();
        }
    }

    private void beat() {
        if (connection.isEmpty() || isDeaf()) {
            return;
        }
        boolean reportsResult = isExtended() && result.isPresent() && !resultIsSent;
        JobState reported = reportsResult ? JobState.RUNNING : state;
        sendNow(new AgentMessage.Heartbeat(envelope(reported == JobState.IDLE ? Optional.empty() : job), reported));
    }

    private boolean isDeaf() {
        return silent || setup.deafInJobs() && state == JobState.RUNNING;
    }

    private void received(ServerMessage message) {
        if (message instanceof ServerMessage.Ack) {
            acks.incrementAndGet();
        }
        if (isDeaf()) {
            return;
        }
        switch (message) {
            case ServerMessage.Commit commit -> commit(commit.jobId());
            case ServerMessage.Run(String jobId) -> run(jobId);
            case ServerMessage.Abort _ -> abort();
            case ServerMessage.AckResult(String jobId) -> {
                if (result.flatMap(AgentMessage::jobId).filter(jobId::equals).isPresent()) {
                    result = Optional.empty();
                }
            }
            case ServerMessage.Ack _, ServerMessage.AckOutput _ -> {
                // nothing to do
            }
        }
    }

    private void commit(String jobId) {
        if (state == JobState.IDLE) {
            state = JobState.COMMITTED;
            job = Optional.of(jobId);
            answer(jobId, AgentMessage.AckCommit::new);
        } else {
            answer(jobId, AgentMessage.NackCommit::new);
        }
    }

    private void run(String jobId) {
        if (state != JobState.COMMITTED || !job.equals(Optional.of(jobId))) {
            answer(jobId, AgentMessage.NackRun::new);
            return;
        }
        state = JobState.RUNNING;
        try {
            Process process = new ProcessBuilder(
                            "/bin/sh", "-c", "echo " + jobId + " >> " + setup.runs() + "; sleep " + setup.seconds())
                    .start();
            command = Optional.of(process);
            process.onExit().thenRun(() -> context.runOnContext(_ -> ended(process, jobId)));
        } catch (IOException e) {
            throw new IllegalStateException("no command can be started", e);
        }
        answer(jobId, AgentMessage.AckRun::new);
    }

    private void ended(Process process, String jobId) {
        if (command.filter(process::equals).isEmpty()) {
            return;
        }
        command = Optional.empty();
        state = JobState.IDLE;
        Optional<Ending> ending = isExtended() ? Optional.of(Ending.ofExitCode(0)) : Optional.empty();
        AgentMessage message = new AgentMessage.Succeeded(envelope(Optional.of(jobId)), Optional.empty(), ending);
        if (isExtended()) {
            result = Optional.of(message);
            resultIsSent = false;
        }
        send(message);
    }

    private void abort() {
        command.ifPresent(Process::destroyForcibly);
        command = Optional.empty();
        result = Optional.empty();
        state = JobState.IDLE;
        send(new AgentMessage.Aborted(envelope(job)));
        job = Optional.empty();
    }

    private void answer(String jobId, Function<AgentEnvelope, AgentMessage> type) {
        send(type.apply(envelope(Optional.of(jobId))));
    }

    private void send(AgentMessage message) {
        if (waiting.size() < MOST_WAITING) {
            waiting.add(message);
        }
        flush();
    }

    private void flush() {
        while (connection.isPresent() && !waiting.isEmpty()) {
            sendNow(waiting.remove());
        }
    }

    private void sendNow(AgentMessage message) {
        byte[] body = AgentMessageCodec.encode(message);
        connection.orElseThrow().send(MessageHeader.hmac(body, sessionKey).encode(), body);
        resultIsSent |= result.filter(message::equals).isPresent();
    }

    private AgentEnvelope envelope(Optional<String> jobId) {
        return new AgentEnvelope(
                config.node(),
                "light.test",
                config.organization(),
                ++sequence,
                Instant.now(),
                incarnationId,
                jobId,
                setup.version());
    }
}
