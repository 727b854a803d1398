package org.pushjobs.agent.link;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that there are sockets for the server's ports: finds the IP addresses of their hosts, opens the sockets, and
 * tries again, for as long as it takes, when either fails. Addresses that were found stay in use while the name service
 * is away; while a port cannot be reached they are looked up again, as the server may have got others. Belongs to the
 * agent's thread, look-ups have threads of their own.
 */
final class PortDesk {
    /** A look-up costs the server nothing; so soon after its cause is gone a failure is over. */
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(PortDesk.class);
    private static final long NEVER = Long.MAX_VALUE;

    private record Ports(PortAddress heartbeats, PortAddress commands) {}

    private final ServerPorts ports;
    private final PortProbe probe;
    private final Mailbox mailbox;
    private final LongSupplier clock;
    private final RandomGenerator random;
    private final Runnable whenMoved;
    private final RateLimitedLog warnings = ConnectionWatch.warnings();
    private Optional<Ports> wanted = Optional.empty();
    private Optional<SocketPair.Addresses> known = Optional.empty();
    private Optional<Reachability> reachability = Optional.empty();
    private Optional<String> problem = Optional.empty();
    private Backoff afterFailure;
    private long longestPauseMillis;
    private long nextAttemptMillis = NEVER;
    private boolean everConnected;
    private boolean looking;
    private int generation;

    /**
     * @param clock monotonic, in milliseconds
     * @param whenMoved called when the ports turn out to have other IP addresses; {@link #open} is to follow
     */
    PortDesk(
            ServerPorts ports,
            PortProbe probe,
            Mailbox mailbox,
            LongSupplier clock,
            RandomGenerator random,
            Runnable whenMoved) {
        this.ports = ports;
        this.probe = probe;
        this.mailbox = mailbox;
        this.clock = clock;
        this.random = random;
        this.whenMoved = whenMoved;
        this.afterFailure = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, random);
    }

    /**
     * Opens the ports of this session, at once when their IP addresses are known, else as soon as they are.
     *
     * @param refusals how often in a row the command port did not answer
     */
    void open(ServerSession session, int refusals) {
        long now = clock.getAsLong();
        generation++;
        looking = false;
        problem = Optional.empty();
        Optional<Ports> before = wanted;
        wanted = Optional.of(new Ports(session.heartbeatPort(), session.commandPort()));
        if (!before.equals(wanted)) {
            known = Optional.empty();
            everConnected = false;
        }
        longestPauseMillis = Math.clamp(session.intervalMillis(), FIRST_PAUSE.toMillis(), LONGEST_PAUSE.toMillis());
        afterFailure = new Backoff(FIRST_PAUSE, Duration.ofMillis(longestPauseMillis), random);
        ports.aim(session, refusals);
        reachability = Optional.of(new Reachability(
                watch(ports.heartbeatConnection(), now),
                watch(ports.commandConnection(), now),
                session.intervalMillis()));
        nextAttemptMillis = now;
        if (known.isPresent()) {
            connect(known.get());
        }
        look();
    }

    private ConnectionWatch watch(PortConnection connection, long now) {
        return new ConnectionWatch(connection, probe::problem, mailbox, warnings, now);
    }

    /** Why a port cannot be reached, or why there are no sockets, for people. */
    Optional<String> problem() {
        return problem.or(() -> reachability.flatMap(Reachability::problem));
    }

    /** Has the configuration asked for when what the ports tell means that there may be another. */
    void watch(ServerLink server, ConfigDesk config) {
        long interval = server.session().intervalMillis();
        if (problem.isPresent()) {
            config.serverCannotBeConnectedTo(Optional.empty(), interval);
            return;
        }
        reachability.ifPresent(watched -> {
            Optional<String> unreachable = watched.unreachableHeartbeats();
            if (!everConnected
                    && ports.heartbeatConnection().downMillis(clock.getAsLong()) >= interval
                    && unreachable.isPresent()) {
                config.serverCannotBeConnectedTo(unreachable, interval);
            } else if (watched.isServerUnheard(server.presence(), clock.getAsLong())) {
                config.serverIsUnheard(unreachable, interval);
            }
            if (watched.isCommandPortGone(server.presence(), config.deafInARow(), clock.getAsLong())) {
                config.commandPortIsGone();
            }
        });
    }

    /** The agent's thread calls this after each wait. */
    void look() {
        long now = clock.getAsLong();
        if (ports.closeIfBroken()) {
            failed("the sockets for " + ports.heartbeatConnection().address() + " broke off");
        }
        if (wanted.isEmpty()) {
            return;
        }
        reachability.ifPresent(watched -> watched.look(now));
        everConnected |= ports.heartbeatConnection().isUp();
        if (isConnected()) {
            nextAttemptMillis = NEVER;
        } else if (nextAttemptMillis == NEVER) {
            nextAttemptMillis = now + longestPauseMillis;
        }
        if (!looking && now >= nextAttemptMillis) {
            looking = true;
            int current = generation;
            Ports names = wanted.get();
            Optional<SocketPair.Addresses> before = known;
            // not a virtual thread: a look-up keeps the thread that carries those, and commands depend on them
            Thread.ofPlatform().daemon().name("port-lookup").start(() -> find(names, before, current));
        }
    }

    private boolean isConnected() {
        return ports.heartbeatConnection().isUp() && ports.commandConnection().isUp();
    }

    private void find(Ports names, Optional<SocketPair.Addresses> before, int current) {
        PortAddress port = names.heartbeats();
        try {
            InetSocketAddress heartbeats = probe.find(port, before.map(SocketPair.Addresses::heartbeats));
            port = names.commands();
            InetSocketAddress commands = probe.find(port, before.map(SocketPair.Addresses::commands));
            mailbox.post(() -> ifCurrent(current, () -> found(new SocketPair.Addresses(heartbeats, commands))));
        } catch (IOException e) {
            String text = PortProbe.text(port, e);
            mailbox.post(() -> ifCurrent(current, () -> notFound(text)));
        } catch (RuntimeException | Error e) {
            LOG.error("looking for the server's ports broke off", e);
            mailbox.post(() -> ifCurrent(current, () -> notFound("looking for the server's ports broke off: " + e)));
        }
    }

    private void ifCurrent(int attempt, Runnable action) {
        if (attempt == generation) {
            looking = false;
            action.run();
        }
    }

    private void found(SocketPair.Addresses addresses) {
        boolean isNew = !known.equals(Optional.of(addresses));
        if (known.isPresent() && isNew) {
            LOG.info(
                    "the server's ports have other addresses [heartbeats: {}, commands: {}]",
                    addresses.heartbeats(),
                    addresses.commands());
            known = Optional.of(addresses);
            whenMoved.run();
            return;
        }
        known = Optional.of(addresses);
        nextAttemptMillis = NEVER;
        if (!ports.areOpen()) {
            connect(addresses);
        }
    }

    /** Sockets that are open stay so. */
    private void notFound(String cause) {
        if (ports.areOpen()) {
            nextAttemptMillis = clock.getAsLong() + longestPauseMillis;
        } else {
            failed(cause);
        }
    }

    private void connect(SocketPair.Addresses addresses) {
        try {
            ports.connect(addresses);
            afterFailure.reset();
            problem.ifPresent(solved -> LOG.info("the sockets are open [before: {}]", solved));
            problem = Optional.empty();
            nextAttemptMillis = clock.getAsLong() + FIRST_PAUSE.toMillis();
        } catch (IOException e) {
            failed("the sockets for " + ports.heartbeatConnection().address() + " cannot be opened: " + e.getMessage());
        }
    }

    private void failed(String cause) {
        long now = clock.getAsLong();
        long pause = afterFailure.nextMillis();
        nextAttemptMillis = now + pause;
        problem = Optional.of(cause);
        warnings.warn(cause, "next attempt in: " + pause + " ms", now);
    }

    /** When {@link #look} is worth calling. */
    long nextCheckMillis() {
        long watched = reachability.map(Reachability::nextCheckMillis).orElse(NEVER);
        long attempt = wanted.isEmpty() || looking || isConnected() ? NEVER : nextAttemptMillis;
        return Math.min(Math.min(watched, attempt), ports.nextCheckMillis());
    }
}
