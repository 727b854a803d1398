package org.pushjobs.server.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.pushjobs.server.ServerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes immutable values of one kind over the event bus (cluster.md, "Hazelcast"). In one process they are passed as they are. To
 * another one they go as bytes: the version of their format, the oldest version that can read it, their length, and their fields.
 * Usable from any thread.
 *
 * <p>Vert.x cannot cope with a codec that throws: whatever else goes to the same address would be stuck, or a request never end.
 * So what cannot be written goes as the reason why not, and what cannot be read becomes a {@link ReplyException}, which fails the
 * request that it is the answer to, and is seen by {@link #consumer} where it is no answer.
 */
public final class WireCodec<T> implements MessageCodec<T, Object> {
    /** For what is short by its nature, in bytes. */
    public static final int SHORT = 64 << 10;

    /** For what grows with nodes or jobs, in bytes. */
    public static final int LONG = 64 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(WireCodec.class);
    private static final int HEADER = 6;
    private static final int LENGTH_AT = 2;
    /** Stands for a reason instead of fields. */
    private static final byte NOT_WRITTEN = 0;

    private final String name;
    private final Class<?> type;
    private final int version;
    private final int oldest;
    private final int mostBytes;
    private final WireFormat<T> format;
    private final AtomicLong failures = new AtomicLong();

    /**
     * @param name the same in all versions
     * @param type of the values, as far as a class tells it
     * @param version of the format, 1 to 127
     * @param oldest version that this one understands, and that understands it
     * @param mostBytes of the fields of a value
     */
    WireCodec(String name, Class<?> type, int version, int oldest, int mostBytes, WireFormat<T> format) {
        this.name = Objects.requireNonNull(name, "name");
        this.type = Objects.requireNonNull(type, "type");
        if (version < oldest || version > Byte.MAX_VALUE || oldest < 1) {
            throw new IllegalArgumentException("impossible versions " + version + " and " + oldest);
        }
        this.version = version;
        this.oldest = oldest;
        this.mostBytes = mostBytes;
        this.format = Objects.requireNonNull(format, "format");
    }

    /** In the first version of its format. */
    public WireCodec(String name, Class<?> type, int mostBytes, WireFormat<T> format) {
        this(name, type, 1, 1, mostBytes, format);
    }

    // ---- how it is used

    /** To the one consumer of the address, wherever it is. Nobody learns whether it arrives. */
    public void send(Vertx vertx, String address, T value) {
        vertx.eventBus().send(address, value, options(vertx, address));
    }

    /**
     * To all consumers, wherever they are. Those in this process need not wait for the cluster to say where the others are, and get
     * it twice when there is a cluster. Nobody learns whether it arrives.
     */
    public void publish(Vertx vertx, String address, T value) {
        if (vertx.isClustered()) {
            vertx.eventBus().publish(address, value, options().setLocalOnly(true));
        }
        vertx.eventBus().publish(address, value, options());
    }

    /**
     * Asks the one consumer of the address, wherever it is.
     *
     * @param millis for the answer
     * @return fails with a {@link ReplyException}, or with a {@link ServerException} when the answer is of another kind
     */
    public <A> Future<A> request(Vertx vertx, String address, T question, WireCodec<A> answers, long millis) {
        return vertx.eventBus()
                .request(address, question, options(vertx, address).setSendTimeout(millis))
                .map(answers::answer);
    }

    /** Answers the question that the message is. */
    public void reply(Message<?> question, T answer) {
        question.reply(answer, options());
    }

    /**
     * Gets what is sent to an address from any process. What cannot be read is logged and, where an answer is wanted, refused.
     *
     * @return {@link MessageConsumer#completion} tells when other processes know of it
     */
    public MessageConsumer<Object> consumer(Vertx vertx, String address, BiConsumer<Message<Object>, T> handler) {
        MessageConsumer<Object> consumer = vertx.eventBus()
                .consumer(address, message -> open(message).ifPresent(value -> handler.accept(message, value)));
        ConsumersHere.add(vertx, consumer);
        return consumer;
    }

    private DeliveryOptions options(Vertx vertx, String address) {
        return options().setLocalOnly(ConsumersHere.has(vertx, address));
    }

    private DeliveryOptions options() {
        return new DeliveryOptions().setCodecName(name);
    }

    private Optional<T> open(Message<Object> message) {
        Object body = message.body();
        if (type.isInstance(body)) {
            return Optional.of(cast(body));
        }
        String why = body instanceof ReplyException failure ? failure.getMessage() : name + " is expected here";
        logSeldom("a message could not be read", why);
        message.fail(500, why);
        return Optional.empty();
    }

    private T answer(Message<Object> message) {
        Object body = message.body();
        if (!type.isInstance(body)) {
            throw new ServerException(500, "the answer is not " + name);
        }
        return cast(body);
    }

    @SuppressWarnings("unchecked")
    private T cast(Object body) {
        return (T) body;
    }

    // ---- on the wire

    @Override
    public Object transform(T value) {
        return value;
    }

    @Override
    public void encodeToWire(Buffer buffer, T value) {
        WireWriter out = new WireWriter(HEADER, mostBytes);
        int start = buffer.length();
        try {
            format.write(out, value);
            buffer.appendBytes(out.bytes(), 0, out.length());
            writeHeader(buffer, start, version, oldest);
        } catch (RuntimeException failure) {
            String why = name + " cannot be sent to another process: " + reason(failure);
            logSeldom("a message could not be written", why);
            buffer.appendBytes(new byte[HEADER]).appendString(why);
            writeHeader(buffer, start, NOT_WRITTEN, NOT_WRITTEN);
        }
    }

    private static void writeHeader(Buffer buffer, int start, int version, int oldest) {
        buffer.setByte(start, (byte) version);
        buffer.setByte(start + 1, (byte) oldest);
        buffer.setInt(start + LENGTH_AT, buffer.length() - start - HEADER);
    }

    /** The value, or a {@link ReplyException} that says why there is none. */
    @Override
    public Object decodeFromWire(int position, Buffer buffer) {
        try {
            return read(buffer.getBytes(position, buffer.length()));
        } catch (RuntimeException failure) {
            String why = name + " of another process cannot be read: " + reason(failure);
            return new ReplyException(ReplyFailure.RECIPIENT_FAILURE, 500, why);
        }
    }

    private T read(byte[] bytes) {
        if (bytes.length < HEADER) {
            throw new WireException("it ends within its header");
        }
        Buffer header = Buffer.buffer(bytes);
        int length = header.getInt(LENGTH_AT);
        if (length != bytes.length - HEADER) {
            throw new WireException("it has " + (bytes.length - HEADER) + " bytes and should have " + length);
        }
        if (length > mostBytes) {
            throw new WireException("it has " + length + " bytes, at most " + mostBytes + " are read");
        }
        byte theirs = header.getByte(0);
        if (theirs == NOT_WRITTEN) {
            throw new WireException(new String(bytes, HEADER, Math.min(length, SHORT), StandardCharsets.UTF_8));
        }
        if (theirs < oldest || header.getByte(1) > version) {
            throw new WireException("it is of version " + theirs + ", and versions " + oldest + " to " + version
                    + " are understood here: one of the servers is too old");
        }
        WireReader in = new WireReader(bytes, HEADER, bytes.length);
        T value = format.read(in);
        in.finish();
        return value;
    }

    /** Nothing of the contents, which may be secret. */
    private static String reason(RuntimeException failure) {
        return failure instanceof WireException
                ? failure.getMessage()
                : "its content is not valid (" + failure.getClass().getSimpleName() + ")";
    }

    private void logSeldom(String what, String why) {
        long count = failures.incrementAndGet();
        if (Long.bitCount(count) == 1) {
            LOG.error("{} [why: {}, so far: {}]", what, why, count);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
