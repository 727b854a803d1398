package org.pushjobs.zmtp;

import java.util.Objects;
import org.pushjobs.zmtp.nacl.KeyPair;
import org.pushjobs.zmtp.nacl.Nacl;

/** The security mechanism of a socket. */
public sealed interface Security {
    /** NULL: clear text. */
    record Plain() implements Security {}

    /** CURVE, the side that listens. */
    record CurveServer(KeyPair keys) implements Security {
        public CurveServer {
            Objects.requireNonNull(keys, "keys");
        }
    }

    /**
     * CURVE, the side that connects.
     *
     * @param serverKey the public key of the server, 32 bytes
     */
    record CurveClient(byte[] serverKey, KeyPair keys) implements Security {
        public CurveClient {
            Nacl.requireKey(serverKey);
            Objects.requireNonNull(keys, "keys");
        }

        @Override
        public String toString() {
            return "CurveClient[secret]";
        }
    }

    /** The mechanism's name in a greeting. */
    default String mechanism() {
        return switch (this) {
            case Plain _ -> "NULL";
            case CurveServer _, CurveClient _ -> "CURVE";
        };
    }
}
