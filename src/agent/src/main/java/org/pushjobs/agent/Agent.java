package org.pushjobs.agent;

import java.time.Clock;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.pushjobs.agent.link.AgentLoop;
import org.pushjobs.agent.link.AgentStatus;
import org.pushjobs.agent.settings.AgentException;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.agent.settings.JobVariables;
import org.pushjobs.agent.settings.LiveSettings;
import org.pushjobs.chefhttp.HostLookup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent of one node. Many may live in one process. Its methods may be called from any thread.
 */
public final class Agent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    private final LiveSettings settings;
    private final AgentLoop loop;
    private final Thread thread;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile AgentStatus status = AgentStatus.INITIAL;

    /**
     * @param machineClock for the times in messages and requests; it may jump
     * @throws AgentException when this machine lacks a program that is needed, or {@code file_dir} cannot be used, as
     *     when another agent uses it
     */
    public Agent(AgentSettings settings, Clock machineClock) throws AgentException {
        this(settings, machineClock, HostLookup.OF_THIS_MACHINE);
    }

    /**
     * @param machineClock for the times in messages and requests; it may jump
     * @param lookup finds the hosts that the server says agents are to connect to
     * @throws AgentException when this machine lacks a program that is needed, or {@code file_dir} cannot be used, as
     *     when another agent uses it
     */
    public Agent(AgentSettings settings, Clock machineClock, HostLookup lookup) throws AgentException {
        this.settings = new LiveSettings(settings);
        this.loop = new AgentLoop(
                this.settings, machineClock, lookup, new SplittableRandom(), newStatus -> status = newStatus);
        this.thread = Thread.ofPlatform().name("agent-" + settings.nodeName()).unstarted(this::run);
    }

    /** Starts the agent's thread and returns at once; the agent keeps trying until it has its configuration. */
    public void start() {
        LOG.info(
                "the agent starts [node: {}, server: {}]",
                nodeName(),
                settings.current().server());
        warnOfDangers();
        thread.start();
    }

    private void run() {
        try {
            loop.run();
        } catch (RuntimeException | Error e) {
            LOG.error("the agent broke off [node: {}]", nodeName(), e);
        } finally {
            stopped.countDown();
        }
    }

    /** What the agent is doing now. */
    public AgentStatus status() {
        return status;
    }

    /** Fetches the configuration again, once no job is in flight. */
    public void refetchConfig() {
        loop.refetchConfig();
    }

    /**
     * Takes over changed settings; jobs that are in hand end as they began.
     *
     * @return the keys of changed settings that need a restart; their old values still count
     */
    public List<String> update(AgentSettings changed) {
        List<String> kept = settings.update(changed);
        warnOfDangers();
        return kept;
    }

    private void warnOfDangers() {
        switch (settings.current().jobs().variables()) {
            case JobVariables.All _ ->
                LOG.warn("jobs may set any environment variable, so who starts jobs can run anything here, whatever the"
                        + " whitelist says [allow_dangerous_env: true]");
            case JobVariables.AllButDangerous(var exceptions)
            when !exceptions.isEmpty() ->
                LOG.warn("jobs may set dangerous environment variables [allow_dangerous_env: {}]", exceptions);
            case JobVariables.AllButDangerous _, JobVariables.Only _ -> {}
        }
    }

    /** Waits until the agent has stopped, by {@link #close} or by an error. */
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /** Kills the command that runs, if any, and closes the sockets; takes up to 12 s. */
    @Override
    public void close() {
        if (thread.getState() == Thread.State.NEW) {
            loop.discard();
            return;
        }
        loop.stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.info("the agent has stopped [node: {}]", nodeName());
    }

    private String nodeName() {
        return settings.current().nodeName();
    }
}
