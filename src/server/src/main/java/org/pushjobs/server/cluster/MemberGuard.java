package org.pushjobs.server.cluster;

import com.hazelcast.nio.MemberSocketInterceptor;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Properties;
import org.pushjobs.server.cluster.MemberProof.Meeting;
import org.pushjobs.server.cluster.MemberProof.Side;

/**
 * Lets only those to the members' port who have the key of the members (docs/decisions/0041). Both sides prove it, the
 * connecting one first, before Hazelcast reads or writes a byte:
 *
 * <pre>
 * connecting → accepting   greeting, nonce
 * accepting → connecting   nonce
 * connecting → accepting   proof
 * accepting → connecting   proof
 * </pre>
 *
 * Hazelcast calls it on threads that wait for nothing else, and closes the connection when it throws. Usable from any
 * thread.
 */
final class MemberGuard implements MemberSocketInterceptor {
    /** Those who are not known yet, at a time; each of them has one of Hazelcast's threads for connections. */
    static final int MAX_UNPROVEN = 256;

    private static final int MAX_UNPROVEN_PER_ADDRESS = 64;

    /** For all of it. */
    static final Duration LIMIT = Duration.ofSeconds(1);

    /** Another one when what follows it changes. */
    private static final byte[] GREETING = "PJM1".getBytes(StandardCharsets.US_ASCII);

    private final MemberProof proof;
    private final StrangerLog strangers;
    private final SecureRandom random = new SecureRandom();
    private final UnprovenConnections unproven = new UnprovenConnections(MAX_UNPROVEN, MAX_UNPROVEN_PER_ADDRESS);

    /** @param key of the members */
    MemberGuard(byte[] key, StrangerLog strangers) {
        this.proof = new MemberProof(key);
        this.strangers = strangers;
    }

    @Override
    public void init(Properties properties) {}

    @Override
    public void onAccept(Socket socket) throws IOException {
        InetAddress peer = socket.getInetAddress();
        if (!unproven.enter(peer)) {
            throw refused(peer, "there are too many others that have not shown who they are");
        }
        try (TimedSocket line = new TimedSocket(socket, LIMIT)) {
            accept(line, (InetSocketAddress) socket.getLocalSocketAddress());
        } catch (SocketTimeoutException _) {
            throw refused(peer, "it did not show within " + LIMIT.toMillis() + " ms that it has the cluster's secrets");
        } catch (EOFException | SocketException _) {
            throw refused(peer, "it hung up before it had shown that it has the cluster's secrets");
        } catch (IOException e) {
            throw refused(peer, e.getMessage());
        } finally {
            unproven.leave(peer);
        }
    }

    private void accept(TimedSocket line, InetSocketAddress address) throws IOException {
        if (!Arrays.equals(line.read(GREETING.length), GREETING)) {
            throw new IOException("it does not speak as a member of this version does");
        }
        Meeting meeting = new Meeting(line.read(MemberProof.NONCE_BYTES), nonce(), address);
        line.write(meeting.acceptingNonce());
        if (!proof.isOf(Side.CONNECTING, meeting, line.read(MemberProof.PROOF_BYTES))) {
            throw new IOException("it has other secrets, or wanted another address than " + address);
        }
        line.write(proof.of(Side.ACCEPTING, meeting));
    }

    private IOException refused(InetAddress peer, String reason) {
        strangers.refused(peer, reason);
        return new IOException("refused " + peer + ": " + reason);
    }

    @Override
    public void onConnect(Socket socket) throws IOException {
        InetSocketAddress address = (InetSocketAddress) socket.getRemoteSocketAddress();
        try (TimedSocket line = new TimedSocket(socket, LIMIT)) {
            connect(line, address);
        } catch (SocketTimeoutException | EOFException | SocketException _) {
            throw notAccepted(
                    address,
                    "it stands still, or has not the cluster's secrets, or does not believe that this process has them");
        } catch (IOException e) {
            throw notAccepted(address, e.getMessage());
        }
    }

    private void connect(TimedSocket line, InetSocketAddress address) throws IOException {
        byte[] nonce = nonce();
        line.write(GREETING);
        line.write(nonce);
        Meeting meeting = new Meeting(nonce, line.read(MemberProof.NONCE_BYTES), address);
        line.write(proof.of(Side.CONNECTING, meeting));
        if (!proof.isOf(Side.ACCEPTING, meeting, line.read(MemberProof.PROOF_BYTES))) {
            throw new IOException("it has other secrets");
        }
    }

    private IOException notAccepted(InetSocketAddress address, String reason) {
        strangers.notAccepted(address, reason);
        return new IOException("no member at " + address + ": " + reason);
    }

    private byte[] nonce() {
        byte[] nonce = new byte[MemberProof.NONCE_BYTES];
        random.nextBytes(nonce);
        return nonce;
    }
}
