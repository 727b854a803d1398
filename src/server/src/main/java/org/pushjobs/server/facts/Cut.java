package org.pushjobs.server.facts;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.protocol.message.ServerMessage;

/** Cuts facts and orders into parts of about {@value #PART_BYTES} bytes; what is one fact or one order stays whole. */
final class Cut {
    static final int PART_BYTES = 1 << 20;

    /** Of a fact or an order, but for what is counted besides; more than most have. */
    private static final int USUAL_BYTES = 256;

    private Cut() {}

    private interface Slice<T, B> {
        B of(int from, List<T> elements);
    }

    static List<Part<Facts>> parts(Facts all) {
        return parts(
                all,
                all.facts(),
                Cut::size,
                (from, facts) -> new Facts(
                        all.gateway(), all.epoch(), all.first() + from, all.whole(), all.listenedMillis(), facts));
    }

    static List<Part<Orders>> parts(Orders all) {
        return parts(
                all,
                all.orders(),
                Cut::size,
                (from, orders) -> new Orders(all.epoch(), all.gateway(), all.first() + from, all.heard(), orders));
    }

    private static <T, B> List<Part<B>> parts(B all, List<T> elements, ToIntFunction<T> size, Slice<T, B> slice) {
        List<Integer> starts = starts(elements, size);
        if (starts.isEmpty()) {
            return List.of(Part.whole(all));
        }
        List<Part<B>> parts = new ArrayList<>(starts.size() + 1);
        int from = 0;
        for (int to : starts) {
            parts.add(new Part<>(slice.of(from, elements.subList(from, to)), parts.size(), false));
            from = to;
        }
        parts.add(new Part<>(slice.of(from, elements.subList(from, elements.size())), parts.size(), true));
        return parts;
    }

    /** Where the parts after the first one begin. */
    private static <T> List<Integer> starts(List<T> elements, ToIntFunction<T> size) {
        List<Integer> starts = List.of();
        long bytes = 0;
        for (int i = 0; i < elements.size(); i++) {
            int more = USUAL_BYTES + size.applyAsInt(elements.get(i));
            if (bytes > 0 && bytes + more > PART_BYTES) {
                starts = starts.isEmpty() ? new ArrayList<>() : starts;
                starts.add(i);
                bytes = 0;
            }
            bytes += more;
        }
        return starts;
    }

    private static int size(Fact fact) {
        return switch (fact) {
            case Fact.Said said -> size(said.message());
            case Fact.Wrote wrote -> wrote.chunk().data().length;
            case Fact.Attached _, Fact.Detached _, Fact.Doing _, Fact.Undelivered _ -> 0;
        };
    }

    private static int size(AgentMessage message) {
        return switch (message) {
            case AgentMessage.Result result ->
                result.output().map(Cut::size).orElse(0)
                        + result.ending()
                                .flatMap(Ending::tail)
                                .map(tail -> tail.data().length)
                                .orElse(0);
            case AgentMessage.OutputChunk chunk -> chunk.data().length;
            case AgentMessage.Heartbeat _,
                    AgentMessage.AckCommit _,
                    AgentMessage.NackCommit _,
                    AgentMessage.AckRun _,
                    AgentMessage.NackRun _,
                    AgentMessage.TimingOut _,
                    AgentMessage.Goodbye _,
                    AgentMessage.Aborted _ -> 0;
        };
    }

    private static int size(Output output) {
        return output.stdout().length() + output.stderr().length();
    }

    private static int size(Order order) {
        return switch (order) {
            case Order.WatchAll(List<Order.Watched> jobs) ->
                jobs.stream().mapToInt(Cut::size).sum();
            case Order.Watch(Order.Watched job) -> size(job);
            case Order.Send(List<Order.Addressee> nodes, ServerMessage message) -> nodes.size() * 64 + size(message);
            case Order.Unwatch _, Order.Rehabilitate _, Order.AckReports _, Order.TellAll _ -> 0;
        };
    }

    private static int size(Order.Watched job) {
        return job.nodes().size() * 32;
    }

    private static int size(ServerMessage message) {
        return switch (message) {
            case ServerMessage.Commit commit -> size(commit.spec());
            case ServerMessage.Run _,
                    ServerMessage.Abort _,
                    ServerMessage.Ack _,
                    ServerMessage.AckResult _,
                    ServerMessage.AckOutput _ -> 0;
        };
    }

    private static int size(JobSpec spec) {
        int env = spec.env().stream()
                .flatMap(variables -> variables.entrySet().stream())
                .mapToInt(variable ->
                        variable.getKey().length() + variable.getValue().length())
                .sum();
        return spec.command().length() + spec.file().map(String::length).orElse(0) + env;
    }
}
