package org.pushjobs.server.api;

import java.security.interfaces.RSAPublicKey;
import java.util.Objects;
import org.pushjobs.server.directory.Organisation;
import org.pushjobs.server.directory.Principal;
import org.pushjobs.server.store.Claimant;

/**
 * Who sent a request, proved by its signature.
 *
 * @param organisation the one the request is about; they belong to it
 * @param principal the user or client whose key verified
 * @param key the key that verified
 */
record Requestor(Organisation organisation, Principal principal, RSAPublicKey key) {
    Requestor {
        Objects.requireNonNull(organisation, "organisation");
        Objects.requireNonNull(principal, "principal");
        Objects.requireNonNull(key, "key");
    }

    /** By whose right what they claim is theirs. */
    Claimant claimant() {
        return switch (principal.type()) {
            case USER -> Claimant.user(principal.name());
            case CLIENT -> Claimant.client(principal.name());
        };
    }
}
