package org.pushjobs.server.cluster;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What shows that somebody has the key of the members: an HMAC-SHA256 over both sides' fresh nonces, over which side he is,
 * so that nobody gets his own proof back, and over the address that was connected to, so that nobody in between can pass on
 * the proof of one member to another one. Usable from any thread.
 */
final class MemberProof {
    static final int NONCE_BYTES = 32;
    static final int PROOF_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";

    /** The two sides of a connection. */
    enum Side {
        CONNECTING(1),
        ACCEPTING(2);

        private final byte code;

        Side(int code) {
            this.code = (byte) code;
        }
    }

    /**
     * What a proof is about.
     *
     * @param address that was connected to
     */
    record Meeting(byte[] connectingNonce, byte[] acceptingNonce, InetSocketAddress address) {}

    private final SecretKeySpec key;

    MemberProof(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** @return {@value #PROOF_BYTES} bytes */
    byte[] of(Side side, Meeting meeting) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(side.code);
            mac.update(meeting.connectingNonce());
            mac.update(meeting.acceptingNonce());
            mac.update(meeting.address().getAddress().getAddress());
            mac.update(ByteBuffer.allocate(Integer.BYTES)
                    .putInt(0, meeting.address().getPort()));
            return mac.doFinal();
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("this Java runtime lacks " + ALGORITHM, e);
        }
    }

    boolean isOf(Side side, Meeting meeting, byte[] proof) {
        return MessageDigest.isEqual(of(side, meeting), proof);
    }
}
