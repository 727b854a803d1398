package org.pushjobs.server.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.RandomRecords;

class WireCodecTest {
    static final List<CodecCheck<?>> CODECS = List.of(
            new CodecCheck<>(WireCodecs.TEXT, RandomRecords::text),
            new CodecCheck<>(WireCodecs.TEXTS, records -> records.list(String.class)),
            new CodecCheck<>(WireCodecs.NUMBER, records -> (int) records.number()),
            new CodecCheck<>(WireCodecs.DURATION, records -> records.make(Duration.class)));

    private record Inner(String name, Optional<String> since2) {}

    private record Outer(List<Inner> inners, long count, Optional<String> since2) {}

    private static final WireFormat<Inner> INNER_1 =
            WireFormat.of((out, inner) -> out.text(1, inner.name()), in -> new Inner(in.text(1), Optional.empty()));

    private static final WireFormat<Inner> INNER_2 = WireFormat.of(
            (out, inner) -> {
                out.text(1, inner.name());
                out.text(2, inner.since2());
            },
            in -> new Inner(in.text(1), in.optionalText(2)));

    private static final WireCodec<Outer> VERSION_1 = codec(
            1,
            1,
            WireCodec.SHORT,
            WireFormat.of(
                    (out, outer) -> {
                        out.list(1, INNER_1, outer.inners());
                        out.number(2, outer.count());
                    },
                    in -> new Outer(in.list(1, INNER_1), in.number(2), Optional.empty())));

    private static final WireFormat<Outer> FORMAT_2 = WireFormat.of(
            (out, outer) -> {
                out.list(1, INNER_2, outer.inners());
                out.number(2, outer.count());
                out.text(3, outer.since2());
            },
            in -> new Outer(in.list(1, INNER_2), in.number(2), in.optionalText(3)));

    private static final WireCodec<Outer> VERSION_2 = codec(2, 1, WireCodec.SHORT, FORMAT_2);

    private static final WireCodec<Outer> VERSION_3 = codec(3, 2, WireCodec.SHORT, FORMAT_2);

    private static WireCodec<Outer> codec(int version, int oldest, int mostBytes, WireFormat<Outer> format) {
        return new WireCodec<>("outer", Outer.class, version, oldest, mostBytes, format);
    }

    private static final Outer FULL =
            new Outer(List.of(new Inner("a", Optional.of("x")), new Inner("b", Optional.of("y"))), 7, Optional.of("z"));
    private static final Outer BARE =
            new Outer(List.of(new Inner("a", Optional.empty()), new Inner("b", Optional.empty())), 7, Optional.empty());

    @ParameterizedTest
    @FieldSource("CODECS")
    void commonCodecsStandAll(CodecCheck<?> check) {
        check.all();
    }

    @Test
    void neighbouringVersionsUnderstandEachOther() {
        assertThat(CodecCheck.decode(VERSION_1, CodecCheck.encode(VERSION_2, FULL)))
                .isEqualTo(BARE);
        assertThat(CodecCheck.decode(VERSION_2, CodecCheck.encode(VERSION_1, BARE)))
                .isEqualTo(BARE);
        assertThat(CodecCheck.decode(VERSION_3, CodecCheck.encode(VERSION_2, FULL)))
                .isEqualTo(FULL);
        assertThat(CodecCheck.decode(VERSION_2, CodecCheck.encode(VERSION_3, FULL)))
                .isEqualTo(FULL);
    }

    @Test
    void versionsTooFarApartRefuseEachOtherAndSayWhich() {
        assertRefused(CodecCheck.decode(VERSION_1, CodecCheck.encode(VERSION_3, FULL)))
                .hasMessageContaining("of version 3, and versions 1 to 1");
        assertRefused(CodecCheck.decode(VERSION_3, CodecCheck.encode(VERSION_1, FULL)))
                .hasMessageContaining("of version 1, and versions 2 to 3");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Object decoded) {
        assertThat(decoded).isInstanceOf(ReplyException.class);
        return assertThat((ReplyException) decoded);
    }

    @Test
    void whatIsTooLargeGoesAsTheReasonWhyNot() {
        int size = CodecCheck.encode(VERSION_2, FULL).length - 6;
        WireCodec<Outer> enough = codec(2, 1, size, FORMAT_2);
        WireCodec<Outer> tooSmall = codec(2, 1, size - 1, FORMAT_2);

        assertThat(CodecCheck.decode(enough, CodecCheck.encode(enough, FULL))).isEqualTo(FULL);
        assertRefused(CodecCheck.decode(VERSION_2, CodecCheck.encode(tooSmall, FULL)))
                .hasMessageContaining("outer cannot be sent to another process: it has more than");
        assertRefused(CodecCheck.decode(tooSmall, CodecCheck.encode(enough, FULL)))
                .hasMessageContaining("at most " + (size - 1) + " are read");
    }

    @Test
    void theReasonWhySomethingIsNotSentSaysNothingOfItsContents() {
        WireCodec<Outer> broken = codec(
                1,
                1,
                WireCodec.SHORT,
                WireFormat.of(
                        (_, outer) -> {
                            throw new IllegalStateException("secret " + outer);
                        },
                        _ -> FULL));

        assertRefused(CodecCheck.decode(VERSION_1, CodecCheck.encode(broken, FULL)))
                .hasMessageContaining("IllegalStateException")
                .hasMessageNotContaining("secret");
    }

    @Test
    void largeFieldsCostTheirBytesAndAFewMore() {
        String text = "ä".repeat(500_000);
        WireCodec<String> large = new WireCodec<>(
                "large", String.class, WireCodec.LONG, WireFormat.of((out, it) -> out.text(1, it), in -> in.text(1)));

        byte[] bytes = CodecCheck.encode(large, text);

        assertThat(bytes).hasSizeBetween(1_000_000, 1_000_020);
        assertThat(CodecCheck.decode(large, bytes)).isEqualTo(text);
    }

    @Test
    void lengthsOfNestedFieldsMayHaveSeveralBytes() {
        for (int size : List.of(0, 1, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 16_380, 16_383, 16_384)) {
            Outer outer = new Outer(List.of(new Inner("x".repeat(size), Optional.empty())), size, Optional.empty());
            assertThat(CodecCheck.decode(VERSION_2, CodecCheck.encode(VERSION_2, outer)))
                    .isEqualTo(outer);
        }
    }

    @Test
    void halfACharacterBecomesAQuestionMarkAsInTheDatabase() {
        assertThat(CodecCheck.decode(WireCodecs.TEXT, CodecCheck.encode(WireCodecs.TEXT, "a\ud800b")))
                .isEqualTo("a?b");
    }

    @Test
    void textThatIsNotUtf8IsRefused() {
        byte[] bytes = CodecCheck.encode(WireCodecs.TEXT, "aaaa");
        bytes[bytes.length - 1] = (byte) 0xc3;

        assertRefused(CodecCheck.decode(WireCodecs.TEXT, bytes)).hasMessageContaining("not UTF-8");
    }

    @Test
    void fieldsThatGoBackAreNotWrittenAndNotRead() {
        WireWriter out = new WireWriter(0, 100);
        out.number(2, 0);
        assertThatThrownBy(() -> out.number(1, 0)).isInstanceOf(IllegalStateException.class);

        WireReader in = new WireReader(new byte[] {4, 0, 2, 0}, 0, 4);
        assertThatThrownBy(in::finish).isInstanceOf(WireException.class);
    }

    @Test
    void eachConstantHasANumberThatStays() {
        WireEnum<ChronoUnit> units = WireEnum.of(List.of(ChronoUnit.values()));

        assertThat(Stream.of(ChronoUnit.values()).map(unit -> units.constant(units.number(unit))))
                .containsExactly(ChronoUnit.values());
        assertThatThrownBy(() -> units.constant(0)).isInstanceOf(WireException.class);
        assertThatThrownBy(() -> units.constant(ChronoUnit.values().length + 1)).isInstanceOf(WireException.class);
        assertThatThrownBy(() -> WireEnum.of(List.of(ChronoUnit.DAYS))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsNotOfTheKindIsRefusedWithoutReachingTheConsumer() {
        Vertx vertx = Vertx.vertx();
        try {
            WireCodecs.register(vertx, Set.of());
            List<Integer> arrived = new ArrayList<>();
            WireCodecs.NUMBER.consumer(vertx, "numbers", (message, number) -> {
                arrived.add(number);
                WireCodecs.NUMBER.reply(message, number + 1);
            });
            Function<Object, Throwable> refused =
                    question -> Await.failure(vertx.eventBus().request("numbers", question));

            assertThat(refused.apply("text")).isInstanceOf(ReplyException.class).hasMessageContaining("is expected");
            assertThat(refused.apply(Buffer.buffer("text"))).isInstanceOf(ReplyException.class);
            assertThat(Await.result(WireCodecs.NUMBER.request(
                            vertx, "numbers", 1, WireCodecs.NUMBER, Await.DEADLINE.toMillis())))
                    .isEqualTo(2);
            assertThat(Await.failure(
                            WireCodecs.NUMBER.request(vertx, "numbers", 1, WireCodecs.TEXT, Await.DEADLINE.toMillis())))
                    .hasMessage("the answer is not pushjobs.text");
            assertThat(arrived).containsExactly(1, 1);
        } finally {
            Await.result(vertx.close());
        }
    }

    @Test
    void inOneProcessTheValueItselfArrives() {
        String text = new String("text".getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);

        assertThat(WireCodecs.TEXT.transform(text)).isSameAs(text);
    }
}
