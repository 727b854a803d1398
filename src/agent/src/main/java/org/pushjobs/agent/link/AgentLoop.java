package org.pushjobs.agent.link;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.pushjobs.agent.execution.CommandRunner;
import org.pushjobs.agent.execution.FileDirectory;
import org.pushjobs.agent.execution.JobPreparation;
import org.pushjobs.agent.execution.Leftovers;
import org.pushjobs.agent.link.AgentStatus.Connection;
import org.pushjobs.agent.settings.AgentException;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.agent.settings.HostNames;
import org.pushjobs.agent.settings.LiveSettings;
import org.pushjobs.chefhttp.HostLookup;
import org.pushjobs.protocol.config.Extensions;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.time.SteadyClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work of an agent's thread: it owns the sockets, the timers and all state, and waits for messages, for what others
 * post into its mailbox, and for the next timer (wire-protocol.md, "What the agent does with it"). Nothing blocks it.
 */
public final class AgentLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentLoop.class);

    private static final long LONGEST_WAIT_MILLIS = 60_000;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(8);

    /** A result sent this short a time before its connection broke may be lost. */
    private static final Duration DOUBT = Duration.ofSeconds(5);

    /** A result sent this short a time ago may not have left yet, so its connection is left alone. */
    private static final Duration SETTLE = Duration.ofSeconds(1);

    private static final long CLOCK_CHECK_MILLIS = 1_000;

    /** So long a server is waited for that says whether the machine's clock has jumped rightly. */
    private static final Duration CLOCK_PATIENCE = Duration.ofSeconds(30);

    private final SteadyClock clock;
    private final Mailbox mailbox = new Mailbox();
    private final ServerPorts ports;
    private final CommandRunner runner;
    private final JobDesk desk;
    private final Outbound outbound;
    private final Inbound inbound;
    private final ConfigDesk config;
    private final Consumer<AgentStatus> statusListener;
    private final FileDirectory files = new FileDirectory();
    private final Leftovers leftovers;
    private final LiveSettings live;
    private final PortDesk portDesk;
    private final ErrorRest rest;
    private Optional<ServerLink> link = Optional.empty();
    private long nextHeartbeatMillis;
    private long nextClockCheckMillis = now();
    private boolean stopping;

    /**
     * @param live looked at anew whenever a job or a request needs them
     * @param machineClock for the times in messages; it may jump
     * @param lookup finds the server, its ports and proxies
     * @param statusListener told on the agent's thread, also when nothing has changed
     * @throws AgentException when this machine lacks a program that is needed, or {@code file_dir} cannot be used
     */
    public AgentLoop(
            LiveSettings live,
            Clock machineClock,
            HostLookup lookup,
            RandomGenerator random,
            Consumer<AgentStatus> statusListener)
            throws AgentException {
        SteadyClock clock = new SteadyClock(
                machineClock,
                System::nanoTime,
                CLOCK_PATIENCE,
                SteadyClock.Alone.FOLLOW_THE_MACHINE,
                List.of(new SteadyClock.Witnesses("the server", 1, 1)));
        AgentSettings settings = live.current();
        CurveKeys keys = CurveKeys.generate();
        CommandRunner runner =
                new CommandRunner(settings.nodeName(), () -> live.current().jobs());
        MessageWriter writer =
                new MessageWriter(settings.nodeName(), settings.server().org(), HostNames.hostName(), clock);
        this.clock = clock;
        this.statusListener = statusListener;
        this.ports = new ServerPorts(keys, mailbox, AgentLoop::now);
        PortProbe probe = new PortProbe(lookup);
        this.portDesk = new PortDesk(ports, probe, mailbox, AgentLoop::now, random, this::reopen);
        this.rest = new ErrorRest(random);
        this.runner = runner;
        this.live = live;
        this.desk = new JobDesk(
                new JobPreparation(() -> live.current().jobs(), files),
                runner,
                mailbox,
                live.current().maxBodySizeBytes());
        this.leftovers = new Leftovers(settings.jobs().fileDir(), settings.nodeName());
        this.outbound = new Outbound(ports, desk, writer, () -> live.current().maxBodySizeBytes());
        this.config = new ConfigDesk(
                new ConfigFetcher(live, keys, clock, lookup), probe, mailbox, AgentLoop::now, random, this::configured);
        this.inbound = new Inbound(ports, desk, outbound, config, AgentLoop::now, time -> clock.heard(0, 0, time));
        holdFileDir(settings.jobs().fileDir());
    }

    private void holdFileDir(Path directory) throws AgentException {
        try {
            files.require(directory, new byte[0]);
        } catch (IOException e) {
            mailbox.close();
            throw new AgentException(
                    "file_dir " + directory + " cannot be used: " + e.getMessage()
                            + "; change that, or set file_dir in the configuration file or by --file_dir",
                    e);
        }
    }

    /** Gives back what it holds; for a loop that is never run. */
    public void discard() {
        mailbox.close();
        files.close();
    }

    /** Fetches the configuration again, once no job is in flight. Callable from any thread. */
    public void refetchConfig() {
        mailbox.post(config::requested);
    }

    /** Ends the loop, within 10 s. Callable from any thread. */
    public void stop() {
        mailbox.post(() -> stopping = true);
    }

    @Override
    public void run() {
        try {
            desk.endLeftovers(leftovers::end);
            while (!stopping) {
                try {
                    round();
                } catch (RuntimeException | Error e) {
                    rest.after(e, now());
                }
            }
        } finally {
            shutDown();
        }
    }

    private void round() {
        mailbox.runAll();
        if (rest.leftMillis(now()) > 0) {
            mailbox.await(rest.leftMillis(now()));
            return;
        }
        if (rest.isOver(now())) {
            reopen();
        }
        ports.tend();
        portDesk.look();
        checkClock();
        noteLostConnections();
        link.ifPresent(inbound::receive);
        keepTime();
        link.ifPresent(server -> outbound.flush(server, now()));
        statusListener.accept(status());
        if (!stopping) {
            ports.await(millisUntilNextTimer(), outbound.isWaiting());
        }
    }

    private void checkClock() {
        if (now() >= nextClockCheckMillis) {
            nextClockCheckMillis = now() + CLOCK_CHECK_MILLIS;
            clock.check().ifPresent(finding -> LOG.warn(finding.message()));
        }
    }

    private void configured(ServerSession session, FetchReason reason) {
        Optional<Extensions> extensions = session.document().extensions();
        desk.limitOutput(
                extensions
                        .map(Extensions::maxOutputBytes)
                        .orElseGet(() -> live.current().maxBodySizeBytes()),
                extensions.map(Extensions::maxTailBytes).orElse(0));
        Thread.ofVirtual().name("job-files").start(runner::removeExpiredFiles);
        boolean connectionMayServe = reason == FetchReason.LIFETIME || reason == FetchReason.UNHEARD;
        if (connectionMayServe
                && link.isPresent()
                && session.sameConnectionAs(link.get().session())) {
            link = Optional.of(link.get().renewed(session, clock));
        } else {
            open(ServerLink.opened(session, clock, config.deafInARow(), now()));
        }
    }

    private void open(ServerLink server) {
        link = Optional.of(server);
        portDesk.open(server.session(), config.deafInARow());
        desk.dropAnswers();
        desk.sendUnacknowledgedAgain();
        nextHeartbeatMillis = now();
    }

    private void reopen() {
        link.ifPresent(server -> open(server.reopened(config.deafInARow())));
    }

    private void noteLostConnections() {
        if (link.isEmpty()) {
            return;
        }
        if (ports.heartbeatConnection().wasLost()) {
            link.get().silence().heartbeatConnectionLost();
        }
        if (ports.commandConnection().wasLost()) {
            LOG.debug("the connection to the command port was lost");
            link.get().silence().commandConnectionLost();
            desk.keepResultsSince(now() - DOUBT.toMillis());
            desk.sendUnacknowledgedAgain();
            if (link.get().presence().online()) {
                outbound.heartbeat();
            }
        }
    }

    private void keepTime() {
        if (link.isPresent()) {
            watchServer(link.get());
            portDesk.watch(link.get(), config);
            if (now() >= nextHeartbeatMillis) {
                nextHeartbeatMillis = now() + link.get().session().intervalMillis();
                if (link.get().presence().online()) {
                    outbound.heartbeat();
                }
            }
        }
        boolean settled = !desk.results().sentSince(now() - SETTLE.toMillis());
        config.startIfDue(settled ? desk.phaseState() : JobState.RUNNING);
    }

    private void watchServer(ServerLink server) {
        if (server.presence().wentAway(now())) {
            LOG.warn(
                    "{} [last heartbeat: {} ms ago, job: {}]",
                    ports.heartbeatConnection().isUp()
                            ? "the server went away, its heartbeats are missing"
                            : portDesk.problem().orElse("the heartbeat port is not connected"),
                    now() - server.presence().lastHeardMillis(),
                    desk.reportedJob().orElse("none"));
            desk.keepResultsSince(server.presence().doubtfulSinceMillis());
            outbound.noHeartbeat();
            reopen();
        }
        if (server.presence().online() && server.silence().isDeaf(now())) {
            LOG.warn("the server is there, but its command port does not answer; is this node's key refused?");
            server.silence().restart();
            config.commandPortIsDeaf();
        }
    }

    private long millisUntilNextTimer() {
        long next = Math.min(config.nextCheckMillis(), portDesk.nextCheckMillis());
        if (link.isPresent()) {
            ServerLink server = link.get();
            next = Math.min(next, nextHeartbeatMillis);
            next = Math.min(next, server.presence().nextCheckMillis());
            next = Math.min(next, server.silence().deadlineMillis());
            next = Math.min(next, outbound.nextFlushMillis(server));
        }
        return Math.clamp(next - now(), 0, LONGEST_WAIT_MILLIS);
    }

    private AgentStatus status() {
        Connection connection = link.map(ServerLink::connection).orElse(Connection.STARTING);
        return new AgentStatus(
                connection, desk.reportedState(), desk.reportedJob(), config.fetches(), portDesk.problem());
    }

    private void shutDown() {
        config.stop();
        try {
            link.ifPresent(outbound::goodbye);
        } catch (RuntimeException e) {
            LOG.warn("the server could not be told that the agent stops", e);
        }
        try {
            if (!desk.stop(STOP_LIMIT)) {
                LOG.error(
                        "a command is still running [job: {}]",
                        desk.reportedJob().orElse("none"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ports.close();
        mailbox.close();
        files.close();
        statusListener.accept(new AgentStatus(
                Connection.STOPPED, JobState.IDLE, Optional.empty(), config.fetches(), portDesk.problem()));
    }

    private static long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
