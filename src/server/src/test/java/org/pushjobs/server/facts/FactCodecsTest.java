package org.pushjobs.server.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.NackReason;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.protocol.message.OutputChannel;
import org.pushjobs.protocol.message.OutputTail;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.protocol.message.StreamedOutput;
import org.pushjobs.server.bus.CodecCheck;
import org.pushjobs.server.testing.RandomRecords;

class FactCodecsTest {
    static final List<CodecCheck<?>> CODECS = List.of(
            new CodecCheck<>(
                    FactCodecs.FACTS,
                    records -> new Part<>(records.make(Facts.class), (int) records.number(), true),
                    FactCodecsTest::makers),
            new CodecCheck<>(
                    FactCodecs.ORDERS,
                    records -> new Part<>(records.make(Orders.class), (int) records.number(), false),
                    FactCodecsTest::makers),
            new CodecCheck<>(FactCodecs.BEAT, records -> records.make(TermBeat.class)));

    private static final Instant AT = Instant.parse("2026-11-28T10:00:00.123456789Z");
    private static final NodeRef NODE = new NodeRef("org", "web-1");
    private static final AgentEnvelope ENVELOPE =
            new AgentEnvelope("web-1", "host", "org", 1, AT, "agent", Optional.of("job"));

    private static RandomRecords makers(RandomRecords records) {
        return records.with(
                        StreamedOutput.class,
                        () -> new StreamedOutput(
                                records.number() & Long.MAX_VALUE, 0, 1, records.number() & Long.MAX_VALUE))
                .with(
                        OutputTail.class,
                        () -> new OutputTail(records.number() & Long.MAX_VALUE, records.make(byte[].class)));
    }

    @ParameterizedTest
    @FieldSource("CODECS")
    void whatRolesTellEachOtherStandsAll(CodecCheck<?> check) {
        check.all();
    }

    @Test
    void factsAreWrittenAsEver() throws IOException {
        Optional<NackReason> reason = Optional.of(new NackReason("busy", "is at work"));
        Optional<Output> output = Optional.of(new Output("out", "err"));
        Ending ending = new Ending(143, Optional.of("TERM"), true, Optional.of(new StreamedOutput(1, 2, 3, 4)));
        AgentMessage.OutputChunk chunk =
                new AgentMessage.OutputChunk(ENVELOPE, OutputChannel.STDERR, 70_000, new byte[] {0, 1, -1});
        List<Fact> facts = new ArrayList<>(List.of(
                new Fact.Detached(NODE, 2, "it fell silent", Optional.empty()),
                new Fact.Doing(NODE, 3, JobState.COMMITTED, Optional.of("job"), 4),
                new Fact.Doing(NODE, 3, JobState.IDLE, Optional.empty(), 1),
                new Fact.Wrote(NODE, 5, chunk),
                new Fact.Undelivered(NODE, 6, "job", reason),
                new Fact.Undelivered(NODE, 6, "job", Optional.empty())));
        Stream.of(
                        Standing.AVAILABLE,
                        Standing.REHAB,
                        Standing.WRONG_TIME,
                        Standing.DISCONNECTED,
                        Standing.UNREACHABLE,
                        Standing.HELD,
                        Standing.CONNECTED)
                .map(standing ->
                        new Fact.Attached(NODE, 1, "agent", standing, new Capabilities(true, 1_048_000), AT, -5))
                .forEach(facts::add);
        Stream.of(
                        new AgentMessage.Heartbeat(ENVELOPE, JobState.RUNNING, OptionalInt.of(7)),
                        new AgentMessage.AckCommit(ENVELOPE),
                        new AgentMessage.NackCommit(ENVELOPE, reason),
                        new AgentMessage.AckRun(ENVELOPE),
                        new AgentMessage.NackRun(ENVELOPE, reason),
                        new AgentMessage.Succeeded(ENVELOPE, output, Optional.of(ending)),
                        new AgentMessage.Failed(ENVELOPE, output, Optional.of(Ending.ofExitCode(1))),
                        new AgentMessage.TimingOut(ENVELOPE),
                        new AgentMessage.Goodbye(ENVELOPE),
                        new AgentMessage.Aborted(ENVELOPE))
                .forEach(message -> facts.add(new Fact.Said(NODE, 8, 9, true, message)));

        CodecCheck.isWrittenAsEver(
                FactCodecs.FACTS, new Part<>(new Facts("gateway", 10, 11, true, 12, facts), 13, false));
    }

    @Test
    void ordersAreWrittenAsEver() throws IOException {
        Order.Addressee addressee = new Order.Addressee(NODE, 1);
        Order.Watched watched = new Order.Watched("job", "org", List.of("web-1", "web-2"));
        JobSpec spec = new JobSpec(
                "true",
                Optional.of("user"),
                Optional.of("/dir"),
                Optional.of(Map.of("NAME", "value")),
                Optional.of("raw:file"),
                true);
        List<Order> orders = new ArrayList<>(List.of(
                new Order.WatchAll(List.of(watched, watched)),
                new Order.Watch(watched),
                new Order.Unwatch("job"),
                new Order.Rehabilitate(addressee),
                new Order.AckReports(2),
                new Order.TellAll()));
        Stream.of(
                        new ServerMessage.Commit("job", "server", spec, OptionalInt.of(3)),
                        new ServerMessage.Commit("job", "server", JobSpec.of("false")),
                        new ServerMessage.Run("job"),
                        new ServerMessage.Abort(),
                        new ServerMessage.Ack(),
                        new ServerMessage.AckResult("job"),
                        new ServerMessage.AckOutput("job", OutputChannel.STDOUT, 4, true))
                .forEach(message -> orders.add(new Order.Send(List.of(addressee, addressee), message)));

        CodecCheck.isWrittenAsEver(FactCodecs.ORDERS, new Part<>(new Orders(5, "gateway", 6, 7, orders), 0, true));
    }

    @Test
    void beatsAreWrittenAsEver() throws IOException {
        CodecCheck.isWrittenAsEver(FactCodecs.BEAT, new TermBeat(7));
    }

    private static Fact said(long report, int outputCharacters) {
        return new Fact.Said(
                NODE,
                1,
                report,
                false,
                new AgentMessage.Succeeded(ENVELOPE, Optional.of(new Output("x".repeat(outputCharacters), ""))));
    }

    private static Facts facts(int count, int outputCharacters) {
        return new Facts(
                "gateway",
                7,
                100,
                true,
                5_000,
                LongStream.range(0, count)
                        .mapToObj(report -> said(report, outputCharacters))
                        .toList());
    }

    private static Orders orders(int jobs) {
        ServerMessage commit = new ServerMessage.Commit("job", "server", JobSpec.of("x".repeat(300_000)));
        return new Orders(
                7,
                "gateway",
                50,
                9,
                IntStream.range(0, jobs)
                        .<Order>mapToObj(_ -> new Order.Send(List.of(new Order.Addressee(NODE, 1)), commit))
                        .toList());
    }

    private static <B> List<B> joined(Joined<B> joined, List<Part<B>> parts) {
        List<B> whole = new ArrayList<>();
        parts.forEach(part -> joined.add(part).ifPresent(whole::add));
        return whole;
    }

    @Test
    void littleIsOnePart() {
        Facts little = facts(100, 10);

        assertThat(Cut.parts(little)).containsExactly(new Part<>(little, 0, true));
        assertThat(Cut.parts(new Facts("gateway", 7, 1, false, 0, List.of()))).hasSize(1);
    }

    @Test
    void lastOutputOfManyFailedCommandsIsCut() {
        Ending ending = Ending.ofExitCode(1).with(Optional.of(new OutputTail(0, new byte[OutputTail.MOST_BYTES])));
        AgentMessage failed = new AgentMessage.Failed(ENVELOPE, Optional.empty(), Optional.of(ending));
        Facts all = new Facts(
                "gateway",
                7,
                100,
                true,
                5_000,
                LongStream.range(0, 200)
                        .<Fact>mapToObj(report -> new Fact.Said(NODE, 1, report, false, failed))
                        .toList());

        List<Part<Facts>> parts = Cut.parts(all);

        assertThat(parts).hasSizeBetween(4, 5);
        assertThat(joined(Joined.facts(), parts)).containsExactly(all);
    }

    @Test
    void muchIsCutAndPutTogetherAgain() {
        Facts all = facts(100, 60_000);
        List<Part<Facts>> parts = Cut.parts(all);

        assertThat(parts).hasSizeBetween(6, 8);
        assertThat(parts).allSatisfy(part -> assertThat(part.batch().facts()).hasSizeBetween(1, 17));
        assertThat(joined(Joined.facts(), parts)).containsExactly(all);

        Orders orders = orders(10);
        assertThat(Cut.parts(orders)).hasSize(4);
        assertThat(joined(Joined.orders(), Cut.parts(orders))).containsExactly(orders);
    }

    @Test
    void oneThatIsLargerThanAPartStaysWhole() {
        Facts all = facts(3, 2 * Cut.PART_BYTES);

        assertThat(Cut.parts(all)).hasSize(3);
        assertThat(joined(Joined.facts(), Cut.parts(all))).containsExactly(all);
    }

    @Test
    void whereAPartIsMissingAllOfItIs() {
        List<Part<Facts>> parts = Cut.parts(facts(100, 60_000));
        Facts next = facts(1, 10);
        for (int missing = 0; missing < parts.size(); missing++) {
            List<Part<Facts>> arrived = new ArrayList<>(parts);
            arrived.remove(missing);
            arrived.addAll(Cut.parts(next));

            assertThat(joined(Joined.facts(), arrived))
                    .as("without part %d", missing)
                    .containsExactly(next);
        }
    }

    @Test
    void partsOfSeveralSendersMayCrossEachOther() {
        Facts one = facts(40, 60_000);
        Facts other = new Facts("other", 7, 1, false, 0, one.facts());
        List<Part<Facts>> crossing = new ArrayList<>();
        for (int i = 0; i < Cut.parts(one).size(); i++) {
            crossing.add(Cut.parts(one).get(i));
            crossing.add(Cut.parts(other).get(i));
        }

        assertThat(joined(Joined.facts(), crossing)).containsExactly(one, other);
    }

    @Test
    void beginningsThatNeverEndAreForgotten() {
        Joined<Facts> joined = Joined.facts();
        Facts all = facts(40, 60_000);
        List<Part<Facts>> parts = Cut.parts(all);
        joined.add(parts.getFirst());
        for (int i = 0; i < Joined.MOST_SENDERS; i++) {
            joined.add(new Part<>(new Facts("sender-" + i, 7, 1, false, 0, List.of()), 0, false));
        }

        assertThat(joined(joined, parts.subList(1, parts.size()))).isEmpty();
        assertThat(joined(joined, parts)).containsExactly(all);
    }
}
