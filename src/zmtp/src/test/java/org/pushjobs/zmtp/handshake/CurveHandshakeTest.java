package org.pushjobs.zmtp.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.pushjobs.zmtp.nacl.JavaNacl;
import org.pushjobs.zmtp.nacl.KeyPair;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.Commands;
import org.pushjobs.zmtp.wire.FrameCodec;
import org.pushjobs.zmtp.wire.Frames;
import org.pushjobs.zmtp.wire.Inbox;
import org.pushjobs.zmtp.wire.MessageReader;
import org.pushjobs.zmtp.wire.ProtocolException;

class CurveHandshakeTest {
    private static final long MINUTE = 60_000_000_000L;

    private final Sessions sessions = new Sessions(new JavaNacl());

    @Test
    void bothSidesGetReadyAndKnowEachOther() throws Exception {
        // given
        Handshake client = sessions.curveClient();
        Handshake server = sessions.curveServer();

        // when
        byte[] welcome = Sessions.reply(server, client.begin());
        Step.Authorise asked = (Step.Authorise) server.receive(Sessions.reply(client, welcome));
        Step.Ready ready = (Step.Ready) client.receive(server.accept());

        // then
        assertThat(asked.clientKey()).isEqualTo(sessions.clientKeys().publicKey());
        assertThat(asked.peer().socketType()).isEqualTo("DEALER");
        assertThat(asked.peer().identity()).isEqualTo(Sessions.CLIENT.identity());
        assertThat(ready.peer().socketType()).isEqualTo("ROUTER");
    }

    @Test
    void commandsHaveTheSizesOfTheSpecification() throws Exception {
        byte[] welcome = Sessions.reply(sessions.curveServer(), sessions.hello());
        assertThat(sessions.hello()).hasSize(200);
        assertThat(welcome).hasSize(168);
        assertThat(sessions.initiate()).hasSize(257 + Sessions.CLIENT.encode().length);
    }

    @Test
    void everyBitOfHelloMatters() {
        // the 72 bytes of padding are not looked at
        for (int at = 0; at < 200; at = at == 7 ? 80 : at + 1) {
            byte[] hello = sessions.hello();
            hello[at] ^= 0x10;
            assertFault(sessions.curveServer(), hello, "HELLO byte " + at);
        }
    }

    @Test
    void everyBitOfInitiateMatters() throws Exception {
        for (int at = 0; at < sessions.initiate().length; at++) {
            byte[] initiate = sessions.initiate();
            initiate[at] ^= 0x10;
            assertFault(sessions.curveServerAfterHello(), initiate, "INITIATE byte " + at);
        }
    }

    @Test
    void everyBitOfWelcomeMatters() throws Exception {
        byte[] correct = Sessions.reply(sessions.curveServer(), sessions.hello());
        for (int at = 0; at < correct.length; at++) {
            Handshake client = sessions.curveClient();
            byte[] welcome = Sessions.reply(sessions.curveServer(), client.begin());
            welcome[at] ^= 0x10;
            assertFault(client, welcome, "WELCOME byte " + at);
        }
    }

    private static void assertFault(Handshake side, byte[] command, String what) {
        assertThat(catchThrowable(() -> side.receive(command))).as(what).isInstanceOf(ProtocolException.class);
    }

    @Test
    void recordedInitiateIsNotTakenOnAnotherConnection() throws Exception {
        // given
        Handshake other = new CurveServerHandshake(
                sessions.curve(), sessions.serverKeys(), sessions.cookies(), Sessions.SERVER, Sessions.CONNECTION + 1);
        Sessions.reply(other, sessions.hello());

        // then
        assertReason(other, sessions.initiate(), CloseReason.FORGED);
    }

    @Test
    void secondInitiateAndSecondHelloAreFaults() throws Exception {
        Handshake server = sessions.curveServerAfterHello();
        assertReason(server, sessions.hello(), CloseReason.MALFORMED);
        Handshake again = sessions.curveServerAfterHello();
        again.receive(sessions.initiate());
        assertReason(again, sessions.initiate(), CloseReason.MALFORMED);
    }

    @Test
    void vouchOfAnotherClientIsNotTaken() throws Exception {
        // given: a client that claims a key that it does not own
        KeyPair stolen = sessions.nacl().newKeyPair();
        KeyPair claimed = KeyPair.ofSecret(stolen.secretKey(), sessions.nacl());
        byte[] someoneElse = sessions.clientKeys().publicKey();
        System.arraycopy(someoneElse, 0, claimed.publicKey(), 0, someoneElse.length);
        Handshake client =
                new CurveClientHandshake(sessions.curve(), sessions.serverKeys().publicKey(), claimed, Sessions.CLIENT);
        Handshake server = sessions.curveServer();

        // then
        byte[] initiate = Sessions.reply(client, Sessions.reply(server, client.begin()));
        assertReason(server, initiate, CloseReason.FORGED);
    }

    @Test
    void cookieIsGoodForAMinuteAtLeastAndTwoAtMost() throws Exception {
        // given
        AtomicLong now = new AtomicLong();
        CookieKeys cookies = new CookieKeys(sessions.curve(), now::get);
        byte[] key = new byte[32];
        byte[] cookie = new byte[CookieKeys.COOKIE];
        cookies.seal(1, key, key, cookie, 0);

        // then
        now.set(MINUTE + 1);
        assertThat(cookies.open(1, cookie, 0)).hasSize(64);
        now.set(2 * MINUTE - 1);
        assertThat(cookies.open(1, cookie, 0)).hasSize(64);
        now.set(2 * MINUTE + 2);
        assertThat(cookies.open(1, cookie, 0)).isEmpty();
    }

    @Test
    void errorRefusesTheClient() throws Exception {
        Handshake client = sessions.curveClient();
        client.begin();
        assertThat(client.receive(Commands.error("400"))).isEqualTo(new Step.Refused("400"));
    }

    @Test
    void repeatedMessageIsAStaleNonce() throws Exception {
        // given
        FrameCodec sealing = sessions.sealing();
        FrameCodec opening = sessions.opening();
        ByteBuf out = Unpooled.buffer();
        sealing.encode(0, new byte[] {1, 2, 3}, out);
        MessageReader reader = new MessageReader(1_000, 2, 1_000);
        AtomicLong messages = new AtomicLong();
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
                assertThat(frames.copy(0)).containsExactly(1, 2, 3);
                messages.incrementAndGet();
            }

            @Override
            public void command(byte[] array, int offset, int length) {
                throw new AssertionError("no command was sent");
            }
        };

        // when
        reader.read(out.copy(), opening, inbox);
        Throwable second = catchThrowable(() -> reader.read(out, opening, inbox));

        // then
        assertThat(messages).hasValue(1);
        assertThat(second)
                .isInstanceOfSatisfying(
                        ProtocolException.class, e -> assertThat(e.reason()).isEqualTo(CloseReason.STALE_NONCE));
    }

    private static void assertReason(Handshake side, byte[] command, CloseReason reason) {
        assertThat(catchThrowable(() -> side.receive(command)))
                .isInstanceOfSatisfying(
                        ProtocolException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
