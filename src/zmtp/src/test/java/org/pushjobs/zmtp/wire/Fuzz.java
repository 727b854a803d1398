package org.pushjobs.zmtp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.pushjobs.zmtp.handshake.Handshake;
import org.pushjobs.zmtp.handshake.Sessions;
import org.pushjobs.zmtp.handshake.Step;
import org.pushjobs.zmtp.nacl.JavaNacl;

/**
 * Feeds changed conversations to the decoders of greeting, handshake and frames. Correct ones are recorded first; each
 * input is one of them, or noise, with a few bytes changed, cut or doubled, and arrives in pieces. Inputs are made from a
 * seed, so that a failure can be repeated.
 */
final class Fuzz {
    private static final int MAX_FRAME = 4_096;
    private static final int MAX_FRAMES = 4;
    private static final int MAX_MESSAGE = 8_192;
    private static final int MAX_COMMAND = 2_048;
    private static final int LONGEST_NOISE = 600;

    private final SplittableRandom random;
    private final Sessions sessions = new Sessions(new JavaNacl());
    private final byte[] greeting = Greeting.encode("CURVE", false);
    private final byte[] plainTraffic = sessions.traffic(PlainFrames.INSTANCE);
    private final byte[] curveTraffic = sessions.traffic(sessions.sealing());
    private final MessageReader reader = new MessageReader(MAX_FRAME, MAX_FRAMES, MAX_MESSAGE);
    private final FrameHeader header = new FrameHeader();
    private final Outcome outcome = new Outcome();

    /** A correct conversation's bytes and what reads them. */
    private record Conversation(byte[] bytes, Consumer consumer) {}

    /** What came of the inputs. */
    static final class Outcome {
        private final Map<CloseReason, Long> faults = new EnumMap<>(CloseReason.class);
        private long inputs;
        private long messages;
        private long commands;
        private long handshakes;

        long inputs() {
            return inputs;
        }

        long messages() {
            return messages;
        }

        long commands() {
            return commands;
        }

        long handshakes() {
            return handshakes;
        }

        Map<CloseReason, Long> faults() {
            return faults;
        }

        @Override
        public String toString() {
            return inputs + " inputs, " + messages + " messages, " + commands + " commands, " + handshakes
                    + " handshake steps, faults " + faults;
        }
    }

    Fuzz(long seed) {
        random = new SplittableRandom(seed);
    }

    Outcome run(long inputs) {
        for (long i = 0; i < inputs; i++) {
            input();
        }
        return outcome;
    }

    private void input() {
        outcome.inputs++;
        try {
            Conversation conversation = pick();
            byte[] bytes = change(conversation.bytes());
            ByteBuf in = Unpooled.buffer(bytes.length);
            int fed = 0;
            while (fed < bytes.length) {
                int piece = random.nextInt(3) == 0 ? 1 + random.nextInt(bytes.length - fed) : bytes.length - fed;
                in.writeBytes(bytes, fed, piece);
                fed += piece;
                conversation.consumer().read(in);
                in.discardReadBytes();
            }
        } catch (ProtocolException e) {
            outcome.faults.merge(e.reason(), 1L, Long::sum);
        }
    }

    /** The handshakes with their curve arithmetic take a hundred times as long as the others, and are rarer. */
    private Conversation pick() throws ProtocolException {
        return switch (random.nextInt(300)) {
            case 0 -> new Conversation(sessions.helloFrame(), handshake(sessions.curveServer()));
            case 1 -> new Conversation(sessions.initiateFrame(), handshake(sessions.curveServerAfterHello()));
            case 2 -> {
                Sessions.Welcomed welcomed = sessions.welcomed();
                yield new Conversation(welcomed.welcomeFrame(), handshake(welcomed.client()));
            }
            default ->
                switch (random.nextInt(4)) {
                    case 0 -> new Conversation(greeting, Fuzz::greeting);
                    case 1 -> new Conversation(sessions.nullFrame(), handshake(sessions.nullServer()));
                    case 2 -> new Conversation(plainTraffic, frames(PlainFrames.INSTANCE));
                    default -> new Conversation(curveTraffic, frames(sessions.opening()));
                };
        };
    }

    private byte[] change(byte[] correct) {
        if (random.nextInt(50) == 0) {
            return correct;
        }
        if (random.nextInt(20) == 0) {
            byte[] noise = new byte[1 + random.nextInt(LONGEST_NOISE)];
            random.nextBytes(noise);
            return noise;
        }
        byte[] bytes = correct.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            bytes = changeOnce(bytes);
        }
        return bytes;
    }

    private byte[] changeOnce(byte[] bytes) {
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(6)) {
            case 0 -> with(bytes, at, bytes[at] ^ 1 << random.nextInt(8));
            case 1 -> with(bytes, at, random.nextInt(256));
            case 2 -> with(bytes, at, random.nextBoolean() ? 0 : 0xFF);
            // near the beginning of a frame: flags, lengths and names
            case 3 -> with(bytes, at % Math.min(bytes.length, 80), random.nextInt(16));
            case 4 -> Arrays.copyOf(bytes, 1 + at);
            default -> doubled(bytes, at, 1 + random.nextInt(Math.min(64, bytes.length - at)));
        };
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        bytes[at] = (byte) value;
        return bytes;
    }

    private static byte[] doubled(byte[] bytes, int at, int length) {
        byte[] longer = new byte[bytes.length + length];
        System.arraycopy(bytes, 0, longer, 0, at + length);
        System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
        return longer;
    }

    @FunctionalInterface
    private interface Consumer {
        void read(ByteBuf in) throws ProtocolException;
    }

    private static void greeting(ByteBuf in) throws ProtocolException {
        Greeting.check(in);
        if (in.readableBytes() >= Greeting.SIZE) {
            Greeting.read(in);
        }
    }

    private Consumer handshake(Handshake handshake) {
        return in -> {
            while (header.read(in, MAX_COMMAND)) {
                byte[] command = new byte[header.length()];
                in.readBytes(command);
                Step step = handshake.receive(command);
                outcome.handshakes++;
                if (step instanceof Step.Authorise) {
                    assertThat(handshake.accept()).isNotEmpty();
                }
            }
        };
    }

    private Consumer frames(FrameCodec codec) {
        Inbox inbox = new Inbox() {
            @Override
            public boolean wantsMore() {
                return true;
            }

            @Override
            public boolean takesLargeFrame() {
                return true;
            }

            @Override
            public void message(Frames frames) {
                outcome.messages++;
                int end = 0;
                for (int i = 0; i < frames.count(); i++) {
                    assertThat(frames.offset(i)).isGreaterThanOrEqualTo(end);
                    end = frames.offset(i) + frames.length(i);
                }
                assertThat(end).isLessThanOrEqualTo(MAX_MESSAGE);
                assertThat(frames.array().length).isBetween(end, 4 * MAX_MESSAGE);
            }

            @Override
            public void command(byte[] array, int offset, int length) throws ProtocolException {
                outcome.commands++;
                if (Commands.is(Commands.PING, array, offset, length)) {
                    Commands.pong(array, offset, length);
                    Commands.ttl(array, offset);
                } else if (Commands.is(Commands.ERROR, array, offset, length)) {
                    Commands.reason(Arrays.copyOfRange(array, offset, offset + length));
                }
            }
        };
        return in -> reader.read(in, codec, inbox);
    }
}
