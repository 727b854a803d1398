package org.pushjobs.server.directory;

import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.pushjobs.protocol.keys.InvalidKeyTextException;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.store.DirectoryChange;
import org.pushjobs.server.store.DirectoryChanges;
import org.pushjobs.server.store.DirectoryChanges.Consent;
import org.pushjobs.server.store.DirectoryChanges.Scope;
import org.pushjobs.server.store.DirectoryStore;
import org.pushjobs.server.store.DirectoryStore.GroupRow;
import org.pushjobs.server.store.DirectoryStore.KeyEntry;
import org.pushjobs.server.store.DirectoryStore.OrganisationRow;
import org.pushjobs.server.store.KeyHolder;

/**
 * What the admins of an organisation may do to the directory of a server without a Chef server: everything that is about their
 * organisation, and about those of its users who belong to no other. Who asks is not looked at here, nor is it written down.
 * Usable from any thread; fails as {@link DirectoryChanges} do.
 */
public final class DirectoryAdministration {
    private final DirectoryStore store;
    private final DirectoryChanges changes;

    public DirectoryAdministration(DirectoryStore store, DirectoryChanges changes) {
        this.store = Objects.requireNonNull(store, "store");
        this.changes = Objects.requireNonNull(changes, "changes");
    }

    /** An organisation with its groups, by name. */
    public record Overview(OrganisationRow organisation, List<GroupRow> groups) {}

    /** @return fails with status 404 when there is no such organisation */
    public Future<Overview> overview(String orgName) {
        return store.organisation(orgName).compose(found -> {
            OrganisationRow organisation =
                    found.orElseThrow(() -> new ServerException(404, "there is no organisation '" + orgName + "'"));
            return store.groups(orgName).map(groups -> new Overview(organisation, groups));
        });
    }

    /** Keys of the organisation's client, or of a user who belongs to it; fails with status 404 when there is nobody. */
    public Future<List<KeyEntry>> keys(String orgName, KeyHolder who) {
        return store.organisation(orgName).compose(found -> {
            boolean isThere = found.filter(organisation -> switch (who) {
                        case KeyHolder.User(String name) ->
                            organisation.users().names().contains(name);
                        case KeyHolder.Client(String _, String name) ->
                            organisation.clients().names().contains(name);
                    })
                    .isPresent();
            return isThere
                    ? store.keysOf(who)
                    : Future.failedFuture(new ServerException(
                            404, "there is no " + who.text() + " in organisation '" + orgName + "'"));
        });
    }

    /** Makes the changes, all or none. */
    public Future<Void> make(String orgName, List<DirectoryChange> list, Consent consent) {
        return changes.make(list, new Scope.Organisation(orgName), consent);
    }

    /**
     * Makes the organisation have what the plan lists; every user and client in it has to bring a key.
     *
     * @param made told of changes once they are made, also of those that were when it breaks off
     * @return what was done, for people
     */
    public Future<String> apply(
            String orgName, DirectoryPlan.Content plan, Consent consent, Consumer<List<DirectoryChange>> made) {
        PlanWork work = new PlanWork(
                store,
                changes.tellingOf(made),
                new Scope.Organisation(orgName),
                consent,
                DirectoryAdministration::publicKey);
        return work.perform(orgName, plan).map(PlanWork.Done::toString);
    }

    /**
     * A public key, or that in a certificate, as it is stored.
     *
     * @throws ServerException of status 400 when there is none in the text
     */
    public static String publicKey(String pem) {
        try {
            return PemKeys.toPem(PemKeys.publicKey(pem));
        } catch (InvalidKeyTextException e) {
            throw new ServerException(400, "public_key: " + e.getMessage());
        }
    }
}
