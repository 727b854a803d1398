package org.pushjobs.ctl.apitest;

import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Objects;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.protocol.keys.PemKeys;

/** Who lets the test have somebody to be. Blocking. */
interface TestDirectory {
    /**
     * Whom the test is. Never printed.
     *
     * @param user who may start jobs in the organisation
     * @param userKey his private key, PEM
     * @param client the agent's
     * @param clientKey its private key, PEM
     */
    record People(String organisation, String user, String userKey, String client, String clientKey) {
        @Override
        public String toString() {
            return "People[" + organisation + ", " + user + ", " + client + "]";
        }
    }

    /** Somebody new with his keys, PEM. Never printed. */
    record Newcomer(String name, String privateKey, String publicKey) {
        public Newcomer {
            Objects.requireNonNull(name, "name");
        }

        static Newcomer called(String name) {
            KeyPair keys = PemKeys.generate();
            return new Newcomer(name, PemKeys.toPem((RSAPrivateKey) keys.getPrivate()), PemKeys.toPem((RSAPublicKey)
                    keys.getPublic()));
        }

        @Override
        public String toString() {
            return "Newcomer[" + name + "]";
        }
    }

    /**
     * Makes them, or finds them.
     *
     * @param name that nobody else has, for those who are made
     * @throws CtlException when it is refused; {@link #remove} is called all the same
     */
    People make(String name) throws CtlException, InterruptedException;

    /**
     * Takes away whom it has made.
     *
     * @throws CtlException when somebody is left, whom it names
     */
    void remove() throws CtlException, InterruptedException;
}
