package org.pushjobs.zmtp.nacl;

/** Which implementation of NaCl to use. */
public enum Crypto {
    /** libsodium when it is installed, else Java. */
    AUTO,
    /** BouncyCastle. */
    JAVA,
    /** libsodium only. */
    LIBSODIUM;

    /**
     * The implementation.
     *
     * @throws IllegalStateException when libsodium was asked for and is not there
     */
    public Nacl nacl() {
        return switch (this) {
            case AUTO -> SodiumNacl.find().<Nacl>map(sodium -> sodium).orElseGet(JavaNacl::new);
            case JAVA -> new JavaNacl();
            case LIBSODIUM ->
                SodiumNacl.find()
                        .orElseThrow(() -> new IllegalStateException("libsodium is not installed; install "
                                + "Debian's libsodium23 (or the system's package of it), or use the Java "
                                + "implementation; looked for " + SodiumLibrary.NAMES));
        };
    }
}
