package org.pushjobs.server.jobs.machine;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;
import org.pushjobs.server.jobs.model.JobStatus;

/** What the rules cost for a whole job on 1,000 nodes that all succeed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class JobMachineBenchmark {
    private static final int NODES = 1_000;

    private final List<String> nodes =
            IntStream.range(0, NODES).mapToObj(i -> "node-" + i).toList();

    @Benchmark
    public JobStatus jobOnAThousandNodes(Blackhole effects) {
        JobMachine job = JobMachine.create(nodes, NODES, false);
        effects.consume(job.on(new JobEvent.Started()));
        for (String node : nodes) {
            effects.consume(job.on(new JobEvent.AckCommit(node)));
        }
        for (String node : nodes) {
            effects.consume(job.on(new JobEvent.AckRun(node)));
        }
        for (String node : nodes) {
            effects.consume(job.on(new JobEvent.Succeeded(node, Optional.empty())));
        }
        return job.status();
    }
}
