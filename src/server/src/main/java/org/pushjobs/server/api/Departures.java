package org.pushjobs.server.api;

import java.util.List;
import java.util.Objects;
import org.pushjobs.server.directory.Organisation;
import org.pushjobs.server.directory.Principal;
import org.pushjobs.server.gateway.NodeAdmission;
import org.pushjobs.server.store.Claimant;

/**
 * Notices from the directory's answers who is gone, and has their agents shut out. Who sent the request that made somebody ask
 * does not matter, and neither does whether he proved it: only the directory's word counts.
 */
final class Departures {
    private final NodeAdmission admission;

    Departures(NodeAdmission admission) {
        this.admission = Objects.requireNonNull(admission, "admission");
    }

    /** @param found everyone of this name */
    void check(Organisation organisation, String name, List<Principal> found) {
        if (!has(found, Principal.Type.CLIENT)) {
            admission.revoke(organisation.guid(), Claimant.client(name));
        }
        if (!has(found, Principal.Type.USER)) {
            admission.revoke(organisation.guid(), Claimant.user(name));
        }
    }

    private static boolean has(List<Principal> found, Principal.Type type) {
        return found.stream().anyMatch(principal -> principal.type() == type && principal.orgMember());
    }
}
