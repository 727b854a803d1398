package org.pushjobs.config;

import java.util.Objects;

/** Which certificates prove that a server is the one that was meant. */
public sealed interface TlsTrust {
    /** Those of the authorities that come with the Java runtime. */
    record SystemAuthorities() implements TlsTrust {}

    /** @param certificatesPem of the authorities whose certificates are good, one or more */
    record Authorities(String certificatesPem) implements TlsTrust {
        public Authorities {
            Objects.requireNonNull(certificatesPem, "certificatesPem");
        }
    }

    /** All: nothing is verified. */
    record Anyone() implements TlsTrust {}
}
