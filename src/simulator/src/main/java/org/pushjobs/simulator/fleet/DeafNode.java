package org.pushjobs.simulator.fleet;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.pushjobs.protocol.config.ConfigDocument;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.ServerHeartbeat;
import org.pushjobs.simulator.config.AgentConfig;
import org.pushjobs.simulator.config.ConfigFetchException;
import org.pushjobs.simulator.job.Agenda;
import org.pushjobs.simulator.original.OriginalAgent;
import org.pushjobs.simulator.original.OriginalAgent.Failure;
import org.pushjobs.simulator.original.OriginalAgent.Reason;
import org.pushjobs.simulator.original.OriginalAgent.Terms;
import org.pushjobs.simulator.report.Tally.Count;
import org.pushjobs.simulator.script.Script;
import org.pushjobs.zmtp.nacl.KeyPair;

/**
 * An agent exactly as the original's Ruby ones: {@link OriginalAgent} says what it does, this class has the ports, the clock
 * and the jobs. It sends each result once, without asking whether it can arrive; one that finds the send queue full is lost.
 */
final class DeafNode implements FleetNode, OriginalAgent.Hands, Agenda.Hands, CommandPort.Events {
    private static final int SEND_QUEUE = 3;
    private static final int MOST_OUTPUT_BYTES = 63_000;
    private static final int FIRST_SERVER_ERROR = 500;
    /** The SUB socket's default; more would come only to an agent that sleeps for a thousand intervals. */
    private static final int MOST_UNREAD = 1_000;

    private final FleetLoop loop;
    private final String name;
    private final Agenda agenda = new Agenda(this, Agenda.RepeatedRun.REFUSED);
    private final Orders orders;
    private final CommandPort port;
    private final HeartbeatFeed feed;
    private final Deque<Runnable> unread = new ArrayDeque<>();

    /** Counts starts, so that what belongs to an earlier life can be told. */
    private int life;
    /** Counts heartbeat threads. */
    private int beating;

    private boolean running;
    private int fetches;
    private KeyPair keys;
    private Speech speech;
    private OriginalAgent agent;
    private AgentConfig config;

    DeafNode(FleetLoop loop, String name, Script part) {
        this.loop = loop;
        this.name = name;
        this.orders = new Orders(loop, agenda, part);
        this.port = new CommandPort(loop, SEND_QUEUE, this);
        this.feed = new HeartbeatFeed(loop, this::serverHeartbeat);
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
                agent = new OriginalAgent(this, loop.random(), loop.now());
                look();
            }
        });
    }

    @Override
    public void stop() {
        life++;
        beating++;
        running = false;
        fetches = 0;
        agent = null;
        config = null;
        agenda.reset();
        closePorts();
    }

    private void closePorts() {
        unread.clear();
        port.close();
        feed.close();
    }

    @Override
    public void vanish() {
        loop.tally().add(Count.VANISHED);
        stop();
    }

    @Override
    public void exit() {
        loop.tally().add(Count.EXITED);
        stop();
    }

    @Override
    public void dropConnection() {
        port.reconnect();
    }

    @Override
    public void finishCommand() {
        agenda.finish();
    }

    @Override
    public void look() {
        readOn();
        if (agent != null) {
            port.flush();
            agent.look(loop.now(), agenda.reportedState() == JobState.IDLE);
        }
    }

    @Override
    public void fetch(Reason reason) {
        int mine = life;
        loop.fetch(name, keys).onComplete(answer -> {
            if (mine != life) {
                return;
            }
            if (answer.succeeded()) {
                countFetch(reason);
                configured(answer.result());
            } else {
                loop.tally().add(Count.FETCHES_FAILED);
                loop.tally().error("configuration: " + answer.cause().getMessage());
                agent.notConfigured(failure(answer.cause()), loop.now());
            }
        });
    }

    private void countFetch(Reason reason) {
        fetches++;
        loop.tally().add(Count.FETCHES);
        switch (reason) {
            case START -> {}
            case DEAF -> loop.tally().add(Count.FETCHES_FOR_SILENCE);
            case INCARNATION -> loop.tally().add(Count.FETCHES_FOR_INCARNATION);
            case DEADLINE -> loop.tally().add(Count.FETCHES_FOR_LIFETIME);
        }
    }

    private static Failure failure(Throwable cause) {
        if (!(cause instanceof ConfigFetchException answered)) {
            return Failure.UNREACHABLE;
        }
        return answered.status().orElse(0) >= FIRST_SERVER_ERROR ? Failure.UNAVAILABLE : Failure.REFUSED;
    }

    private void configured(AgentConfig fetched) {
        ConfigDocument document = fetched.document();
        config = fetched;
        orders.expect(fetched);
        openPorts();
        agent.configured(
                new Terms(
                        fetched.intervalMillis(),
                        document.offlineThreshold(),
                        document.onlineThreshold(),
                        Duration.ofSeconds(document.lifetimeSeconds()).toMillis(),
                        document.incarnationId()),
                loop.now());
        tick(++beating, fetched.intervalMillis());
    }

    private void openPorts() {
        closePorts();
        feed.open(config);
        port.open(config, keys);
    }

    private void tick(int thread, int intervalMillis) {
        if (thread == beating) {
            agent.tick(loop.now());
            loop.later(Duration.ofMillis(intervalMillis), () -> tick(thread, intervalMillis));
        }
    }

    @Override
    public void beat() {
        if (!loop.isHushed() && say(speech.heartbeat(agenda))) {
            loop.tally().add(Count.HEARTBEATS_SENT);
        }
    }

    @Override
    public void reopen() {
        loop.tally().add(Count.SERVER_AWAY);
        openPorts();
    }

    @Override
    public void message(byte[] header, byte[] body) {
        receive(() -> {
            agent.heardCommand(loop.now());
            orders.read(header, body).ifPresent(orders::follow);
        });
    }

    @Override
    public void serverHeartbeat(ServerHeartbeat heartbeat) {
        receive(() -> agent.heardServer(heartbeat.incarnationId(), loop.now()));
    }

    private void receive(Runnable handling) {
        if (agent != null && config != null && !agent.isDeaf() && unread.size() < MOST_UNREAD) {
            unread.addLast(handling);
            readOn();
        }
    }

    private void readOn() {
        while (agent != null && !unread.isEmpty() && agent.isReading(loop.now())) {
            unread.removeFirst().run();
        }
    }

    @Override
    public void send(Agenda.Answer answer, Optional<String> jobId) {
        if (config != null) {
            say(speech.answer(answer, jobId));
        }
    }

    @Override
    public Agenda.Sending trySend(Agenda.JobResult result, int said) {
        if (config != null) {
            boolean tooLong = result.outputBytes() > MOST_OUTPUT_BYTES;
            if (say(speech.result(tooLong ? result.withoutOutput() : result))) {
                loop.tally().add(Count.RESULTS_SENT);
            }
        }
        return Agenda.Sending.FORGET;
    }

    @Override
    public long now() {
        return loop.now();
    }

    private boolean say(byte[] body) {
        boolean kept = port.send(body);
        if (!kept) {
            loop.tally().add(Count.MESSAGES_LOST);
        }
        return kept;
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
    public boolean isConnected() {
        return port.isConnected();
    }

    @Override
    public boolean isAvailable() {
        return agent != null && port.isConnected() && agent.isOnline() && agent.isAnswered();
    }

    @Override
    public boolean isDeaf() {
        return agent != null && agent.isDeaf();
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
