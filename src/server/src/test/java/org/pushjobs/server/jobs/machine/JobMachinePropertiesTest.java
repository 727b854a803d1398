package org.pushjobs.server.jobs.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;

/** What holds in every life of a job, whatever its nodes and its servers do; the rules are in {@link CheckedJob}. */
class JobMachinePropertiesTest {
    private static final List<String> EVENTS =
            NodeEvents.names().stream().sorted().toList();

    /** Each byte is one step, see {@link #step}. */
    @Property(tries = 100_000)
    void everySequenceOfEventsKeepsTheRulesAndEnds(
            @ForAll @IntRange(min = 1, max = 8) int nodeCount,
            @ForAll @IntRange(max = 10) int quorum,
            @ForAll boolean capture,
            @ForAll @Size(max = 48) byte[] steps) {
        // given
        List<String> nodes =
                IntStream.range(0, nodeCount).mapToObj(i -> "node-" + i).toList();
        CheckedJob job = new CheckedJob(nodes, quorum % (nodeCount + 3), capture);
        if (steps.length % 8 == 7) {
            job.restart();
        } else {
            job.on(new JobEvent.Started());
        }

        // when
        for (byte step : steps) {
            step(job, nodes, step);
        }
        JobStatus before = job.status();
        job.on(new JobEvent.VotingTimeout());
        job.on(new JobEvent.RunTimeout());
        job.on(new JobEvent.AbortTimeout());

        // then
        assertThat(job.hasEnded()).isTrue();
        job.on(new JobEvent.RunTimeout());
        nodes.forEach(node -> job.on(new JobEvent.AckCommit(node)));

        Statistics.label("status when the steps were over").collect(before).coverage(coverage -> {
            coverage.check(JobStatus.VOTING).percentage(share -> share > 2);
            coverage.check(JobStatus.RUNNING).percentage(share -> share > 2);
            coverage.check(JobStatus.COMPLETE).percentage(share -> share > 2);
            coverage.check(JobStatus.QUORUM_FAILED).percentage(share -> share > 2);
            coverage.check(JobStatus.TIMED_OUT).percentage(share -> share > 1);
            coverage.check(JobStatus.ABORTED).percentage(share -> share > 2);
        });
    }

    /** Half of the steps are what a good node would do next, so that jobs get as far as their ends. */
    private static void step(CheckedJob job, List<String> nodes, byte step) {
        String node = nodes.get((step & 7) % nodes.size());
        int action = (step & 0xff) >> 3;
        int good = 28 - EVENTS.size();
        if (action < good) {
            job.on(goodNext(job, node, action % 2 == 0));
        } else if (action < good + EVENTS.size()) {
            job.on(NodeEvents.named(EVENTS.get(action - good), node));
        } else if (action == 31 && node.equals("node-0")) {
            job.on(job.status() == JobStatus.VOTING ? new JobEvent.VotingTimeout() : new JobEvent.RunTimeout());
        } else if (action == 30 && node.equals("node-0")) {
            job.on(new JobEvent.AbortRequested("alice"));
        } else if (action == 29 && node.equals("node-0")) {
            job.on(new JobEvent.AbortTimeout());
        } else {
            job.restart();
        }
    }

    private static JobEvent goodNext(CheckedJob job, String node, boolean success) {
        NodeStatus status = job.status(node);
        if (status == NodeStatus.NEW) {
            return new JobEvent.AckCommit(node);
        }
        if (status == NodeStatus.READY) {
            return job.status() == JobStatus.RUNNING ? new JobEvent.AckRun(node) : new JobEvent.ReportsCommitted(node);
        }
        if (status == NodeStatus.RUNNING) {
            Optional<Ending> ending = node.equals("node-0") ? Optional.of(Ending.ofExitCode(0)) : Optional.empty();
            return success
                    ? new JobEvent.Succeeded(node, Optional.of(NodeEvents.OUTPUT), ending)
                    : new JobEvent.Failed(node, Optional.empty(), ending);
        }
        return new JobEvent.Down(node);
    }
}
