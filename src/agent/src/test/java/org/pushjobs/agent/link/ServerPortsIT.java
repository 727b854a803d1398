package org.pushjobs.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.pushjobs.agent.fake.FakeServer;
import org.pushjobs.agent.fake.Until;
import org.pushjobs.agent.link.ConfigFetcher.WhileStarting;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.agent.settings.LiveSettings;
import org.pushjobs.chefhttp.HostLookup;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.protocol.codec.RejectedMessageException;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.signing.MessageHeader;

/** The agent's sockets against a server that answers. */
class ServerPortsIT {
    private static final KeyPair CLIENT_KEYS = PemKeys.generate();

    /** Of so many some are forgotten by JeroMQ, left to itself. */
    private static final int STARTS = 150;

    private static long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Test
    void everyNewConnectionSpeaks() throws Exception {
        // given
        try (FakeServer server = new FakeServer((RSAPublicKey) CLIENT_KEYS.getPublic()).start();
                Mailbox mailbox = new Mailbox()) {
            AgentSettings settings = AgentSettings.of(
                    ServerUrl.parse(server.url()), FakeServer.NODE, (RSAPrivateKey) CLIENT_KEYS.getPrivate());
            CurveKeys keys = CurveKeys.generate();
            ServerSession session = new ConfigFetcher(
                            new LiveSettings(settings), keys, Clock.systemUTC(), HostLookup.OF_THIS_MACHINE)
                    .fetch(WhileStarting.HOLD);
            Frames greeting = heartbeat(session);
            SocketPair.Addresses addresses = new SocketPair.Addresses(
                    new InetSocketAddress(
                            session.heartbeatPort().host(),
                            session.heartbeatPort().port()),
                    new InetSocketAddress(
                            session.commandPort().host(), session.commandPort().port()));
            try (ServerPorts ports = new ServerPorts(keys, mailbox, ServerPortsIT::now)) {
                for (int i = 0; i < STARTS; i++) {
                    // when
                    ports.aim(session, 0);
                    ports.connect(addresses);

                    // then: sooner than a handshake is given up and made anew, which would hide a forgotten one
                    PortConnection connection = ports.commandConnection();
                    speak(ports, mailbox, greeting, "start " + i);
                    assertThat(connection.wasLost()).as("lost at start " + i).isFalse();
                }
            }
        }
    }

    private static Frames heartbeat(ServerSession session) {
        byte[] body = new MessageWriter(FakeServer.NODE, FakeServer.ORG, "host", Clock.systemUTC())
                .body("2.0", Optional.empty(), envelope -> new AgentMessage.Heartbeat(envelope, JobState.IDLE));
        return new Frames(MessageHeader.hmac(body, session.sessionKey()).encode(), body);
    }

    /** Sends one message and waits for its answer and for a heartbeat of the server. */
    private static void speak(ServerPorts ports, Mailbox mailbox, Frames message, String start) {
        boolean[] done = new boolean[3];
        Until.isTrue("both ports speak, " + start, () -> {
            try {
                ports.await(10, false);
                mailbox.runAll();
                ports.tend();
                done[0] = done[0] || ports.trySend(message);
                done[1] = done[1] || ports.receiveCommand().isPresent();
                done[2] = done[2] || ports.receiveHeartbeat().isPresent();
                return done[1] && done[2];
            } catch (RejectedMessageException e) {
                throw new AssertionError(e);
            }
        });
    }
}
