package org.pushjobs.server.nodes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.server.jobs.machine.JobEffect;
import org.pushjobs.server.jobs.machine.JobEvent;
import org.pushjobs.server.jobs.machine.JobMachine;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.nodes.NodeSession.JobRelation;

/** The real machines of one job and of its nodes' sessions, and a database that outlives them. No timers, no health. */
final class SimulatedServer {
    private final Map<String, SimulatedAgent> agents = new LinkedHashMap<>();
    private final int quorum;

    private final Map<String, NodeStatus> storedNodes = new LinkedHashMap<>();
    private JobStatus storedStatus = JobStatus.NEW;

    private final Map<String, NodeSession> sessions = new HashMap<>();
    private Optional<JobMachine> machine = Optional.empty();
    private boolean up = true;
    /** How many effects on the world the next event still has before the server dies. */
    private OptionalInt effectsLeft = OptionalInt.empty();

    SimulatedServer(List<SimulatedAgent> agents, int quorum) {
        this.quorum = quorum;
        agents.forEach(agent -> {
            this.agents.put(agent.name(), agent);
            storedNodes.put(agent.name(), NodeStatus.NEW);
        });
    }

    JobStatus status() {
        return storedStatus;
    }

    NodeStatus status(String node) {
        return storedNodes.get(node);
    }

    boolean isUp() {
        return up;
    }

    /** Starts the job on agents that are all available. */
    void startJob() {
        agents.keySet().forEach(node -> {
            AgentMessage aborted = agents.get(node).aborted();
            NodeSession session = NodeSession.start(aborted, agents.get(node).route(), false, new ArrayList<>());
            session.on(aborted, agents.get(node).route(), JobRelation.NONE);
            sessions.put(node, session);
        });
        machine = Optional.of(JobMachine.create(List.copyOf(storedNodes.keySet()), quorum, false));
        apply(new JobEvent.Started());
    }

    /** The server dies in the midst of its next event: all is stored, but of its effects only so many are carried out. */
    void dieAfter(int effects) {
        effectsLeft = OptionalInt.of(effects);
    }

    void die() {
        up = false;
        effectsLeft = OptionalInt.empty();
        sessions.clear();
        machine = Optional.empty();
    }

    void startAgain() {
        if (up) {
            return;
        }
        up = true;
        if (!storedStatus.isTerminal()) {
            machine = Optional.of(JobMachine.restore(storedNodes, storedStatus, quorum, false));
            apply(new JobEvent.Resumed());
        }
    }

    /** Takes the next message of an agent, if there is one. */
    boolean hear(SimulatedAgent agent) {
        if (!up) {
            return false;
        }
        Optional<AgentMessage> message = agent.nextMessage();
        message.ifPresent(this::received);
        return message.isPresent();
    }

    void repeatAborts() {
        sessions.forEach((node, session) -> session.rehabTimer().forEach(effect -> carryOut(node, effect)));
    }

    private void received(AgentMessage message) {
        String node = message.envelope().node();
        boolean live = !storedStatus.isTerminal();
        JobRelation relation;
        if (message.jobId().isEmpty()) {
            relation = JobRelation.NONE;
        } else {
            relation = live ? JobRelation.TAKES_PART : JobRelation.FOREIGN;
        }
        List<NodeSession.Effect> effects = new ArrayList<>();
        NodeSession session = sessions.computeIfAbsent(node, _ -> {
            apply(new JobEvent.InDoubt(node));
            return NodeSession.start(message, agents.get(node).route(), live, effects);
        });
        effects.addAll(session.on(message, agents.get(node).route(), relation));
        for (NodeSession.Effect effect : effects) {
            switch (effect) {
                case FORWARD, REPORT_DOING -> apply(eventOf(message));
                case RENUMBER -> apply(new JobEvent.InDoubt(node));
                case DISMISS -> agents.get(node).receive(SimulatedAgent.Command.ACK_RESULT);
                case SEND_ABORT, SEND_ACK, AVAILABILITY_CHANGED -> carryOut(node, effect);
            }
        }
    }

    private void carryOut(String node, NodeSession.Effect effect) {
        if (effect == NodeSession.Effect.SEND_ABORT) {
            agents.get(node).receive(SimulatedAgent.Command.ABORT);
        }
    }

    private void apply(JobEvent event) {
        if (machine.isEmpty()) {
            return;
        }
        List<JobEffect> effects = machine.get().on(event);
        for (JobEffect effect : effects) {
            switch (effect) {
                case JobEffect.SetJobStatus(var status) -> storedStatus = status;
                case JobEffect.SetNodeStatus(var node, var status, var _) -> storedNodes.put(node, status);
                default -> {
                    // not of interest here, or not stored
                }
            }
        }
        for (JobEffect effect : effects) {
            if (!(effect instanceof JobEffect.Durable)) {
                if (effectsLeft.isPresent() && effectsLeft.getAsInt() == 0) {
                    die();
                    return;
                }
                effectsLeft.ifPresent(left -> effectsLeft = OptionalInt.of(left - 1));
                carryOut(effect);
            }
        }
    }

    private void carryOut(JobEffect effect) {
        switch (effect) {
            case JobEffect.SendCommit(var nodes) -> send(nodes, SimulatedAgent.Command.COMMIT);
            case JobEffect.SendRun(var nodes) -> send(nodes, SimulatedAgent.Command.RUN);
            case JobEffect.SendAbort(var nodes) -> send(nodes, SimulatedAgent.Command.ABORT);
            case JobEffect.Rehabilitate(var node) -> {
                if (sessions.containsKey(node)) {
                    sessions.get(node).rehabilitate().forEach(done -> carryOut(node, done));
                }
            }
            case JobEffect.End _ -> machine = Optional.empty();
            case JobEffect.AckResult(var node) -> send(List.of(node), SimulatedAgent.Command.ACK_RESULT);
            case JobEffect.StartVotingTimer _, JobEffect.StartRunTimer _, JobEffect.StartAbortTimer _ -> {
                // no time passes here
            }
            case JobEffect.Durable _ -> throw new IllegalStateException(effect + " is stored");
        }
    }

    private void send(List<String> nodes, SimulatedAgent.Command command) {
        for (String node : nodes) {
            NodeSession session = sessions.get(node);
            if (session != null
                    && (command == SimulatedAgent.Command.ABORT
                            || command == SimulatedAgent.Command.ACK_RESULT
                            || session.state() == NodeSession.State.IDLE)) {
                agents.get(node).receive(command);
            }
        }
    }

    private static JobEvent eventOf(AgentMessage message) {
        String node = message.envelope().node();
        return switch (message) {
            case AgentMessage.Heartbeat heartbeat ->
                switch (heartbeat.jobState()) {
                    case COMMITTED -> new JobEvent.ReportsCommitted(node);
                    case RUNNING -> new JobEvent.ReportsRunning(node);
                    case IDLE -> new JobEvent.ReportsIdle(node);
                };
            case AgentMessage.AckCommit _ -> new JobEvent.AckCommit(node);
            case AgentMessage.NackCommit _ -> new JobEvent.NackCommit(node);
            case AgentMessage.AckRun _ -> new JobEvent.AckRun(node);
            case AgentMessage.NackRun _ -> new JobEvent.NackRun(node);
            case AgentMessage.Succeeded succeeded ->
                new JobEvent.Succeeded(node, succeeded.output(), succeeded.ending());
            case AgentMessage.Failed failed -> new JobEvent.Failed(node, failed.output(), failed.ending());
            case AgentMessage.Aborted _ -> new JobEvent.Aborted(node);
            case AgentMessage.TimingOut _, AgentMessage.OutputChunk _, AgentMessage.Goodbye _ ->
                throw new IllegalStateException("simulated agents do not send this");
        };
    }
}
