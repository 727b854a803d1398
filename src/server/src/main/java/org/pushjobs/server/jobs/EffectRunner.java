package org.pushjobs.server.jobs;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import org.pushjobs.config.JobsConfig;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.jobs.directory.NodeDirectory;
import org.pushjobs.server.jobs.machine.JobEffect;
import org.pushjobs.server.jobs.machine.JobEvent;
import org.pushjobs.server.jobs.model.JobTerms;

/**
 * Carries out what jobs want done once it is stored: messages to nodes and timers. Belongs to the term's event loop.
 */
final class EffectRunner {
    private final String serverName;
    private final JobsConfig config;
    private final NodeDirectory nodes;
    private final JobTimers timers;
    private final JobMeter meter;
    private final BiPredicate<LiveJob, String> worksForAnother;
    private final BiConsumer<LiveJob, JobEvent> happened;

    /**
     * @param serverName as commits carry it
     * @param worksForAnother whether a node of a job has said that it works for another job, and so has nothing to be aborted
     * @param happened gets the time-outs of jobs
     */
    EffectRunner(
            String serverName,
            JobsConfig config,
            NodeDirectory nodes,
            JobTimers timers,
            JobMeter meter,
            BiPredicate<LiveJob, String> worksForAnother,
            BiConsumer<LiveJob, JobEvent> happened) {
        this.serverName = Objects.requireNonNull(serverName, "serverName");
        this.config = Objects.requireNonNull(config, "config");
        this.nodes = Objects.requireNonNull(nodes, "nodes");
        this.timers = Objects.requireNonNull(timers, "timers");
        this.meter = Objects.requireNonNull(meter, "meter");
        this.worksForAnother = Objects.requireNonNull(worksForAnother, "worksForAnother");
        this.happened = Objects.requireNonNull(happened, "happened");
    }

    /** @throws IllegalArgumentException for an effect that is stored, or that ends the job */
    void carryOut(LiveJob job, JobEffect effect) {
        switch (effect) {
            case JobEffect.SendCommit(List<String> names) -> send(job, names, commit(job.id(), job.terms()));
            case JobEffect.SendRun(List<String> names) -> send(job, names, new ServerMessage.Run(job.id()));
            case JobEffect.SendAbort(List<String> names) ->
                send(
                        job,
                        names.stream()
                                .filter(name -> !worksForAnother.test(job, name))
                                .toList(),
                        new ServerMessage.Abort());
            case JobEffect.AckResult(String node) -> send(job, List.of(node), new ServerMessage.AckResult(job.id()));
            case JobEffect.Rehabilitate(String node) -> {
                if (!worksForAnother.test(job, node)) {
                    nodes.rehabilitate(new NodeRef(job.orgGuid(), node));
                }
            }
            case JobEffect.StartVotingTimer _ -> {
                meter.votes(job.id());
                startTimer(job, config.votingTimeout(), new JobEvent.VotingTimeout());
            }
            case JobEffect.StartRunTimer _ -> {
                meter.runs(job.id());
                startTimer(job, job.runTime(), new JobEvent.RunTimeout());
            }
            case JobEffect.StartAbortTimer _ -> startTimer(job, config.abortGrace(), new JobEvent.AbortTimeout());
            case JobEffect.End _, JobEffect.Durable _ ->
                throw new IllegalArgumentException(effect + " is not carried out here");
        }
    }

    /** Nothing more happens to the job by itself. */
    void stop(LiveJob job) {
        timers.cancel(job.id());
    }

    ServerMessage.Commit commit(String jobId, JobTerms terms) {
        return new ServerMessage.Commit(jobId, serverName, terms.spec(), OptionalInt.of(terms.runTimeoutSeconds()));
    }

    private void send(LiveJob job, List<String> names, ServerMessage message) {
        nodes.send(job.orgGuid(), names, message);
    }

    private void startTimer(LiveJob job, Duration delay, JobEvent event) {
        timers.start(job.id(), delay, () -> happened.accept(job, event));
    }
}
