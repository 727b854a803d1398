package org.pushjobs.server.jobs.machine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pushjobs.server.jobs.machine.FeedEvent.RunResult;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;

/**
 * A job together with what the database and the readers of its feed would have of it, both made from the effects alone.
 * Every effect is checked against the rules that hold in any life of a job.
 */
final class CheckedJob {
    private final int quorum;
    private final boolean capture;
    private final Map<String, NodeStatus> storedNodes = new LinkedHashMap<>();
    private final List<JobEvent> history = new ArrayList<>();

    // what the feed has told
    private boolean startTold;
    private boolean quorumTold;
    private boolean completeTold;
    private final Set<String> startsTold = new HashSet<>();
    private final Map<String, RunResult> resultsTold = new HashMap<>();

    // what was sent: by this server, and by those before it
    private final Set<String> sentRun = new HashSet<>();
    private final Set<String> sentRunEarlier = new HashSet<>();
    /** Messages of them or to them may be lost, and they were not sent run since. */
    private final Set<String> doubted = new HashSet<>();

    private JobStatus storedStatus = JobStatus.NEW;
    private JobMachine machine;
    private boolean ended;
    private boolean abortNoted;

    CheckedJob(List<String> nodes, int quorum, boolean capture) {
        this.quorum = quorum;
        this.capture = capture;
        nodes.forEach(node -> storedNodes.put(node, NodeStatus.NEW));
        machine = JobMachine.create(nodes, quorum, capture);
    }

    JobStatus status() {
        return storedStatus;
    }

    NodeStatus status(String node) {
        return storedNodes.get(node);
    }

    boolean hasEnded() {
        return ended;
    }

    /** The server stops and another one goes on with what is stored. */
    void restart() {
        if (ended) {
            return;
        }
        machine = abortNoted
                ? JobMachine.restoreAborting(storedNodes, storedStatus, quorum, capture)
                : JobMachine.restore(storedNodes, storedStatus, quorum, capture);
        sentRunEarlier.addAll(sentRun);
        sentRun.clear();
        doubted.addAll(storedNodes.keySet());
        on(new JobEvent.Resumed());
    }

    void on(JobEvent event) {
        history.add(event);
        if (event instanceof JobEvent.InDoubt(var node)) {
            doubted.add(node);
        }
        List<JobEffect> effects = machine.on(event);
        if (ended) {
            check(effects.isEmpty(), "nothing happens after the end");
        }
        for (int i = 0; i < effects.size(); i++) {
            check(!ended, "the end is the last effect");
            apply(event, effects, i);
        }
        check(machine.status() == storedStatus, "the job's status in the database is that of the machine");
        check(machine.nodes().equals(storedNodes), "the nodes in the database are those of the machine");
        check(abortNoted == machine.isAborting(), "the database knows of an abort");
        check(
                !ended || abortNoted == (storedStatus == JobStatus.ABORTED),
                "a job ends as aborted exactly when it is aborted");
        check(ended == storedStatus.isTerminal(), "a job has a final status exactly when it has ended");
    }

    private void apply(JobEvent event, List<JobEffect> effects, int index) {
        switch (effects.get(index)) {
            case JobEffect.SetJobStatus(var status) -> setJobStatus(status);
            case JobEffect.SetNodeStatus(var node, var status, var _) -> setNodeStatus(node, status);
            case JobEffect.KeepOutput(var node, var _) -> {
                check(capture, "output is kept only of a job that captures");
                check(followsResult(effects, index, node), "output is kept right after the result is");
            }
            case JobEffect.MissOutput(var node) -> {
                check(capture, "output is missed only of a job that captures");
                check(followsResult(effects, index, node), "output is missed right after the result is kept");
            }
            case JobEffect.NoteRefusal(var node, var _) -> {
                check(
                        storedNodes.get(node) == NodeStatus.NACKED || storedNodes.get(node) == NodeStatus.FAILED,
                        "a refusal is noted of a node that refused");
            }
            case JobEffect.NoteEnding(var node, var _) ->
                check(isResult(effects.get(index - 1), node), "an ending is noted right after the result is");
            case JobEffect.AckResult(var node) ->
                check(
                        event instanceof JobEvent.Result result
                                && result.node().equals(node)
                                && result.ending().isPresent(),
                        "a result is acknowledged to the agent that waits for it");
            case JobEffect.NoteAbort(var _) -> {
                check(!abortNoted, "an abort is noted once");
                abortNoted = true;
            }
            case JobEffect.Emit(FeedEvent.Rehab(var node)) ->
                check(effects.get(index + 1).equals(new JobEffect.Rehabilitate(node)), "a rehab that is told is done");
            case JobEffect.Emit(var feedEvent) -> tell(feedEvent);
            case JobEffect.Rehabilitate(var node) ->
                check(
                        effects.get(index - 1).equals(new JobEffect.Emit(new FeedEvent.Rehab(node))),
                        "a rehab that is done is told");
            case JobEffect.SendCommit(var nodes) -> {
                check(storedStatus == JobStatus.VOTING, "commit is sent during the vote");
                check(allAre(nodes, NodeStatus.NEW), "commit is sent to new nodes");
            }
            case JobEffect.SendRun(var nodes) -> nodes.forEach(node -> sendRun(event, node));
            case JobEffect.SendAbort(var nodes) ->
                check(
                        haveJustEnded(nodes, effects)
                                || abortNoted && nodes.stream().allMatch(this::mayBeAborted),
                        "abort is sent to nodes just ended, and to those that run what is aborted");
            case JobEffect.StartVotingTimer() ->
                check(storedStatus == JobStatus.VOTING, "the voting timer starts during the vote");
            case JobEffect.StartRunTimer() ->
                check(storedStatus == JobStatus.RUNNING, "the run timer starts with the run");
            case JobEffect.StartAbortTimer() -> {
                check(abortNoted, "the abort timer starts with the abort");
                check(count(NodeStatus.RUNNING) > 0, "the abort timer is for nodes that run");
            }
            case JobEffect.End() -> {
                check(completeTold, "the end is told");
                check(
                        storedNodes.values().stream().allMatch(NodeStatus::isTerminal),
                        "at the end all nodes have ended");
                ended = true;
            }
        }
    }

    private void setJobStatus(JobStatus status) {
        boolean legal = switch (storedStatus) {
            case NEW -> status == JobStatus.VOTING;
            case VOTING ->
                abortNoted
                        ? status == JobStatus.ABORTED
                        : status == JobStatus.RUNNING || status == JobStatus.QUORUM_FAILED;
            case RUNNING ->
                abortNoted
                        ? status == JobStatus.ABORTED
                        : status == JobStatus.COMPLETE || status == JobStatus.TIMED_OUT;
            case COMPLETE, QUORUM_FAILED, ABORTED, TIMED_OUT, CRASHED -> false;
        };
        check(legal, "a job goes its way: not from " + storedStatus + " to " + status);
        storedStatus = status;
    }

    private void setNodeStatus(String node, NodeStatus status) {
        NodeStatus old = storedNodes.put(node, status);
        check(!old.isTerminal(), "terminal node states never change");
        boolean legal = switch (status) {
            case NEW, FAULTY -> false;
            case ABORTED -> abortNoted;
            case READY, NACKED -> old == NodeStatus.NEW && storedStatus == JobStatus.VOTING;
            case UNAVAILABLE -> storedStatus == JobStatus.VOTING;
            case WAS_READY -> old == NodeStatus.READY && storedStatus == JobStatus.VOTING;
            case RUNNING ->
                // twice where its agent says that it is ending the command
                (old == NodeStatus.READY || old == NodeStatus.RUNNING) && storedStatus == JobStatus.RUNNING;
            case SUCCEEDED -> old == NodeStatus.RUNNING;
            case FAILED, CRASHED, TIMED_OUT -> storedStatus == JobStatus.RUNNING;
        };
        check(legal, "a node goes its way: not from " + old + " to " + status + " in a job that is " + storedStatus);
    }

    private void tell(FeedEvent event) {
        check(!completeTold, "job_complete is the last event");
        check(startTold == !(event instanceof FeedEvent.Start), "start is the first event, once");
        switch (event) {
            case FeedEvent.Start() -> startTold = true;
            case FeedEvent.QuorumVote(var _, var _) -> check(!quorumTold, "votes come before the quorum");
            case FeedEvent.QuorumSucceeded() -> {
                check(!quorumTold, "the quorum succeeds once");
                check(count(NodeStatus.READY) >= quorum && count(NodeStatus.NEW) == 0, "the quorum is met");
                quorumTold = true;
            }
            case FeedEvent.RunStart(var node) -> {
                check(quorumTold, "a run starts after the quorum");
                check(startsTold.add(node), "a node starts once");
            }
            case FeedEvent.RunComplete(var node, var result) -> runComplete(node, result);
            case FeedEvent.Rehab(var _) -> {
                // may come at any time
            }
            case FeedEvent.JobComplete(var status) -> {
                check(status == storedStatus && status.isTerminal(), "the final status is told");
                check(
                        status == JobStatus.ABORTED || quorumTold == (status != JobStatus.QUORUM_FAILED),
                        "a job runs exactly when its quorum succeeded");
                check(
                        status == JobStatus.ABORTED || quorumTold || count(NodeStatus.WAS_READY) < quorum,
                        "a quorum that is met does not fail");
                completeTold = true;
            }
        }
    }

    private void runComplete(String node, RunResult result) {
        check(quorumTold, "a run ends after the quorum");
        switch (result) {
            case SUCCESS, FAILURE, RUN_NACKED_WHILE_RUNNING ->
                check(startsTold.contains(node), "a run that ends by itself has started");
            case RUN_NACKED -> check(!startsTold.contains(node), "a refused run has not started");
            case CRASHED -> {
                // started or not
            }
            case CLIENT_DIED_WHILE_RUNNING -> {
                check(storedNodes.get(node).isTerminal(), "only of a node that has ended");
                return;
            }
        }
        check(resultsTold.put(node, result) == null, "a node has one result");
    }

    private void sendRun(JobEvent event, String node) {
        check(quorumTold && storedStatus == JobStatus.RUNNING, "no run before the quorum");
        check(!abortNoted, "no run after the abort");
        check(storedNodes.get(node) == NodeStatus.READY, "run is sent to ready nodes");
        check(!startsTold.contains(node), "run is not sent to a node that has started");
        boolean again = !sentRun.add(node) || sentRunEarlier.contains(node);
        if (again) {
            check(doubted.remove(node), "a node is sent run again only after it was in doubt, once");
            check(
                    event.equals(new JobEvent.ReportsCommitted(node)),
                    "a node that may have started is sent run only when it says that it has not");
        }
    }

    private boolean followsResult(List<JobEffect> effects, int index, String node) {
        boolean afterEnding = effects.get(index - 1) instanceof JobEffect.NoteEnding;
        return isResult(effects.get(afterEnding ? index - 2 : index - 1), node);
    }

    private boolean isResult(JobEffect effect, String node) {
        return effect instanceof JobEffect.SetNodeStatus(var of, var status, var _)
                && of.equals(node)
                && (status == NodeStatus.SUCCEEDED || status == NodeStatus.FAILED || status == NodeStatus.TIMED_OUT);
    }

    private boolean haveJustEnded(List<String> nodes, List<JobEffect> effects) {
        return nodes.stream()
                .allMatch(node -> effects.stream()
                        .anyMatch(effect -> effect instanceof JobEffect.SetNodeStatus(var of, var status, var _)
                                && of.equals(node)
                                && status.isTerminal()));
    }

    private boolean mayBeAborted(String node) {
        return storedNodes.get(node) == NodeStatus.RUNNING || storedNodes.get(node) == NodeStatus.ABORTED;
    }

    private boolean allAre(List<String> nodes, NodeStatus status) {
        return nodes.stream().allMatch(node -> storedNodes.get(node) == status);
    }

    private long count(NodeStatus status) {
        return storedNodes.values().stream().filter(status::equals).count();
    }

    private void check(boolean holds, String rule) {
        if (!holds) {
            throw new AssertionError("broken: " + rule + "\nafter " + history + "\nin a job of quorum " + quorum
                    + " that is " + storedStatus + " with " + storedNodes);
        }
    }
}
