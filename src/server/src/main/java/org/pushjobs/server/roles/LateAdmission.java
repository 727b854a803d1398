package org.pushjobs.server.roles;

import io.vertx.core.Future;
import java.time.Clock;
import java.util.Objects;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.gateway.ContactLog;
import org.pushjobs.server.gateway.NodeAdmission;
import org.pushjobs.server.store.Claimant;
import org.pushjobs.server.store.NodeKey;

/** The key ring exists only once the database was there; the API lets nobody in before. */
final class LateAdmission implements NodeAdmission {
    private final Membership membership;
    private final ContactLog contacts;
    private final Clock clock;

    LateAdmission(Membership membership, ContactLog contacts, Clock clock) {
        this.membership = Objects.requireNonNull(membership, "membership");
        this.contacts = Objects.requireNonNull(contacts, "contacts");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    @Override
    public Future<Void> admit(NodeKey key) {
        return membership.joined().compose(joined -> joined.keys().admit(key));
    }

    @Override
    public void revoke(String orgGuid, Claimant claimant) {
        membership.joined().onSuccess(joined -> joined.keys().revoke(orgGuid, claimant));
    }

    @Override
    public long revocations() {
        return membership.joined().succeeded()
                ? membership.joined().result().keys().revocations()
                : 0;
    }

    @Override
    public void configAnswered() {
        membership.serviceTime().works();
    }

    @Override
    public void configFailed() {
        membership.serviceTime().fails();
    }

    @Override
    public void configFetched(NodeRef node, String address) {
        contacts.configFetched(node, new ContactLog.Fetch(clock.instant(), address));
    }

    @Override
    public void configRefused(NodeRef node, String address, int status, String detail) {
        contacts.configRefused(node, new ContactLog.ConfigRefusal(clock.instant(), address, status, detail));
    }
}
