package org.pushjobs.server.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Function;
import org.pushjobs.server.testing.RandomRecords;
import org.pushjobs.server.testing.RandomRecords.Filling;

/** What each codec has to stand. */
public final class CodecCheck<T> {
    private static final int INSTANCES = 200;
    private static final int CUT_INSTANCES = 25;
    private static final int BROKEN = 4_000;
    private static final int HEADER = 6;
    private static final int PREFIX = 3;

    private final WireCodec<T> codec;
    private final Function<RandomRecords, T> maker;
    private final Function<RandomRecords, RandomRecords> makers;

    /**
     * @param maker makes a random instance
     * @param makers says how those are made that do not take everything
     */
    public CodecCheck(
            WireCodec<T> codec, Function<RandomRecords, T> maker, Function<RandomRecords, RandomRecords> makers) {
        this.codec = codec;
        this.maker = maker;
        this.makers = makers;
    }

    public CodecCheck(WireCodec<T> codec, Function<RandomRecords, T> maker) {
        this(codec, maker, records -> records);
    }

    private RandomRecords records(Filling filling) {
        return makers.apply(new RandomRecords(42, filling));
    }

    public void all() {
        for (Filling filling : Filling.values()) {
            arrivesAsItWas(records(filling));
        }
        neverHalf(records(Filling.EITHER));
        nothingElseComesOfAnything(records(Filling.EITHER));
        fieldsOfALaterVersionArePassedOver(records(Filling.SOMETHING));
    }

    /** As it is in the middle of a message. */
    static <T> byte[] encode(WireCodec<T> codec, T value) {
        Buffer buffer = Buffer.buffer().appendBytes(new byte[PREFIX]);
        codec.encodeToWire(buffer, value);
        return buffer.getBytes(PREFIX, buffer.length());
    }

    static Object decode(WireCodec<?> codec, byte[] bytes) {
        return codec.decodeFromWire(
                PREFIX, Buffer.buffer().appendBytes(new byte[PREFIX]).appendBytes(bytes));
    }

    /**
     * What other processes of this version, and of its neighbours, read and write must not change: a field that is added has a new
     * tag, may be missing, and is empty in the sample. Where something else has to change it is another version.
     *
     * @param sample everything that there is of it
     */
    public static <T> void isWrittenAsEver(WireCodec<T> codec, T sample) throws IOException {
        String resource = "/wire/" + codec.name() + ".hex";
        String now = HexFormat.of().formatHex(encode(codec, sample));
        try (InputStream recorded = CodecCheck.class.getResourceAsStream(resource)) {
            assertThat(recorded).as(resource + ", which would be " + now).isNotNull();
            String ever = new String(recorded.readAllBytes(), StandardCharsets.US_ASCII).replaceAll("\\s", "");
            assertThat(now).as(resource).isEqualTo(ever);
            assertThat(decode(codec, HexFormat.of().parseHex(ever))).isEqualTo(sample);
        }
    }

    /** The number in the first field, which says of what kind a value is. */
    public static <T> int firstNumber(WireCodec<T> codec, T value) {
        byte[] bytes = encode(codec, value);
        return new WireReader(bytes, HEADER, bytes.length).integer(1);
    }

    private void arrivesAsItWas(RandomRecords records) {
        for (int i = 0; i < INSTANCES; i++) {
            T value = maker.apply(records);
            assertThat(decode(codec, encode(codec, value))).isEqualTo(value);
        }
    }

    private void neverHalf(RandomRecords records) {
        for (int i = 0; i < CUT_INSTANCES; i++) {
            byte[] bytes = encode(codec, maker.apply(records));
            for (int length = 0; length < bytes.length; length++) {
                assertRefused(Arrays.copyOf(bytes, length));
            }
        }
    }

    /** Neither of random fields nor of broken ones; what does not fail is a value. */
    private void nothingElseComesOfAnything(RandomRecords records) {
        Random random = new Random(43);
        for (int i = 0; i < BROKEN; i++) {
            byte[] bytes = encode(codec, maker.apply(records));
            int from = random.nextBoolean() ? HEADER : 0;
            for (int broken = 1 + random.nextInt(8); broken > 0 && bytes.length > from; broken--) {
                bytes[from + random.nextInt(bytes.length - from)] = (byte) random.nextInt();
            }
            assertThat(decode(codec, bytes)).isNotNull();
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            assertThat(decode(codec, framed(noise))).isNotNull();
            assertRefused(noise);
        }
    }

    private void fieldsOfALaterVersionArePassedOver(RandomRecords records) {
        T value = maker.apply(records);
        byte[] bytes = encode(codec, value);
        Buffer fields = Buffer.buffer(bytes)
                .getBuffer(HEADER, bytes.length)
                // fields 50 and 51: the number -1, and two bytes
                .appendBytes(new byte[] {100, 1, 103, 2, 9, 9});
        assertThat(decode(codec, framed(fields.getBytes()))).isEqualTo(value);
    }

    /** With the header that such fields have. */
    private static byte[] framed(byte[] fields) {
        return Buffer.buffer()
                .appendByte((byte) 1)
                .appendByte((byte) 1)
                .appendInt(fields.length)
                .appendBytes(fields)
                .getBytes();
    }

    private void assertRefused(byte[] bytes) {
        assertThat(decode(codec, bytes)).isInstanceOfSatisfying(ReplyException.class, failure -> {
            assertThat(failure.failureCode()).isEqualTo(500);
            assertThat(failure).hasMessageStartingWith(codec.name() + " of another process cannot be read: ");
        });
    }
}
