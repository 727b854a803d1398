package org.pushjobs.server.directory;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.directory.DirectoryPlan.Content;
import org.pushjobs.server.directory.DirectoryPlan.GroupOf;
import org.pushjobs.server.directory.DirectoryPlan.Member;
import org.pushjobs.server.store.DirectoryChange;
import org.pushjobs.server.store.DirectoryChange.InGroup;
import org.pushjobs.server.store.DirectoryChange.Rank;
import org.pushjobs.server.store.DirectoryChanges;
import org.pushjobs.server.store.DirectoryChanges.Consent;
import org.pushjobs.server.store.DirectoryChanges.Scope;
import org.pushjobs.server.store.DirectoryKey;
import org.pushjobs.server.store.DirectoryStore;
import org.pushjobs.server.store.DirectoryStore.GroupRow;
import org.pushjobs.server.store.DirectoryStore.KeyEntry;
import org.pushjobs.server.store.DirectoryStore.MemberType;
import org.pushjobs.server.store.DirectoryStore.OrganisationRow;
import org.pushjobs.server.store.KeyHolder;

/**
 * Makes an organisation have what a plan lists. What is there stays, so that it can be done again; what is not listed stays,
 * too. A key that is listed takes the place of the first key of somebody who does not have it. When it breaks off, what was
 * done so far is done, and doing it again does the rest.
 */
final class PlanWork {
    private static final int CLIENTS_AT_ONCE = 1_000;

    private final DirectoryStore store;
    private final DirectoryChanges changes;
    private final Scope scope;
    private final Consent consent;
    private final Function<String, String> keyText;

    /** @param keyText makes the PEM of a key of what a plan has as {@code public_key}; called once for each different one */
    PlanWork(
            DirectoryStore store,
            DirectoryChanges changes,
            Scope scope,
            Consent consent,
            Function<String, String> keyText) {
        this.store = Objects.requireNonNull(store, "store");
        this.changes = Objects.requireNonNull(changes, "changes");
        this.scope = Objects.requireNonNull(scope, "scope");
        this.consent = Objects.requireNonNull(consent, "consent");
        Map<String, String> known = new LinkedHashMap<>();
        this.keyText = given -> known.computeIfAbsent(given, keyText);
    }

    /** How many changes were made. */
    record Done(int created, int changed) {
        static final Done NOTHING = new Done(0, 0);

        Done and(Done other) {
            return new Done(created + other.created, changed + other.changed);
        }

        @Override
        public String toString() {
            return "created " + created + ", changed " + changed;
        }
    }

    /** @return fails with status 404 when there is no such organisation */
    Future<Done> perform(String orgName, Content content) {
        return users(orgName, content.users())
                .compose(done -> clients(orgName, content.clients()).map(done::and))
                .compose(done -> groups(orgName, content.groups()).map(done::and));
    }

    private Future<OrganisationRow> organisation(String orgName) {
        return store.organisation(orgName)
                .map(found -> found.orElseThrow(
                        () -> new ServerException(404, "there is no organisation '" + orgName + "'")));
    }

    private Future<Done> users(String orgName, List<Member> users) {
        return Future.all(organisation(orgName), store.users(), store.group(orgName, DirectoryStore.ADMINS))
                .compose(found -> {
                    Set<String> members = Set.copyOf(
                            found.<OrganisationRow>resultAt(0).users().names());
                    Set<String> everybody = Set.copyOf(found.<List<String>>resultAt(1));
                    Set<String> admins = found.<Optional<GroupRow>>resultAt(2)
                            .map(GroupRow::users)
                            .orElse(Set.of());
                    return inTurn(users, user -> {
                        Rank rank = user.admin() ? Rank.ADMIN : Rank.MEMBER;
                        DirectoryChange membership = new DirectoryChange.AddMember(orgName, user.name(), rank);
                        if (!everybody.contains(user.name())) {
                            return create(
                                    user, key -> List.of(new DirectoryChange.CreateUser(user.name(), key), membership));
                        }
                        boolean isThere =
                                members.contains(user.name()) && (!user.admin() || admins.contains(user.name()));
                        return change(isThere ? List.of() : List.of(membership))
                                .compose(done -> key(new KeyHolder.User(user.name()), user)
                                        .map(done::and));
                    });
                });
    }

    private Future<Done> create(Member member, Function<DirectoryKey, List<DirectoryChange>> change) {
        Function<String, Future<Done>> made = pem -> changes.make(change.apply(DirectoryKey.first(pem)), scope, consent)
                .map(new Done(1, 0));
        return member.bringsKey()
                ? made.apply(keyText.apply(member.publicKey()))
                : NewKey.use(Path.of(member.keyOut()), made);
    }

    private Future<Done> change(List<DirectoryChange> list) {
        return list.isEmpty()
                ? Future.succeededFuture(Done.NOTHING)
                : changes.make(list, scope, consent).map(new Done(0, list.size()));
    }

    /** Somebody who is to have a new key has one already. */
    private Future<Done> key(KeyHolder who, Member member) {
        if (!member.bringsKey()) {
            return Future.succeededFuture(Done.NOTHING);
        }
        String pem = keyText.apply(member.publicKey());
        return store.keysOf(who).compose(keys -> {
            if (keys.stream()
                    .filter(PlanWork::counts)
                    .map(KeyEntry::publicKeyPem)
                    .anyMatch(pem::equals)) {
                return Future.succeededFuture(Done.NOTHING);
            }
            List<DirectoryChange> replaced = new ArrayList<>();
            if (keys.stream().map(KeyEntry::name).anyMatch(DirectoryKey.DEFAULT_NAME::equals)) {
                replaced.add(new DirectoryChange.RemoveKey(who, DirectoryKey.DEFAULT_NAME));
            }
            replaced.add(new DirectoryChange.AddKey(who, DirectoryKey.first(pem)));
            return changes.make(replaced, scope, consent).map(new Done(0, 1));
        });
    }

    private static boolean counts(KeyEntry key) {
        return key.expiresAt().filter(at -> !at.isAfter(Instant.now())).isEmpty();
    }

    /** Those with given keys many at a time: fleets are large. */
    private Future<Done> clients(String orgName, List<Member> clients) {
        return organisation(orgName).compose(organisation -> {
            Set<String> there = new HashSet<>(organisation.clients().names());
            List<Member> toMake = clients.stream()
                    .filter(client -> !client.bringsKey() && !there.contains(client.name()))
                    .toList();
            List<Member> given = clients.stream().filter(Member::bringsKey).toList();
            return inTurn(
                            toMake,
                            client -> create(
                                    client,
                                    key -> List.of(new DirectoryChange.CreateClient(orgName, client.name(), key))))
                    .compose(done -> withKeys(orgName, given).map(done::and));
        });
    }

    private Future<Done> withKeys(String orgName, List<Member> clients) {
        List<List<Member>> portions = new ArrayList<>();
        for (int from = 0; from < clients.size(); from += CLIENTS_AT_ONCE) {
            portions.add(clients.subList(from, Math.min(from + CLIENTS_AT_ONCE, clients.size())));
        }
        return inTurn(portions, portion -> {
            Map<String, DirectoryKey> keys = portion.stream()
                    .collect(Collectors.toMap(
                            Member::name, client -> DirectoryKey.first(keyText.apply(client.publicKey()))));
            return changes.putClients(orgName, keys).map(put -> new Done(put.created(), put.changed()));
        });
    }

    /** All at once, so that what one of them takes away and another gives back is nothing lost. */
    private Future<Done> groups(String orgName, List<GroupOf> groups) {
        if (groups.isEmpty()) {
            return Future.succeededFuture(Done.NOTHING);
        }
        List<Future<Optional<GroupRow>>> found =
                groups.stream().map(group -> store.group(orgName, group.name())).toList();
        return Future.all(found).compose(_ -> {
            List<DirectoryChange> list = new ArrayList<>();
            for (int i = 0; i < groups.size(); i++) {
                if (found.get(i).result().isEmpty()) {
                    list.add(new DirectoryChange.CreateGroup(
                            orgName, groups.get(i).name()));
                }
            }
            for (int i = 0; i < groups.size(); i++) {
                GroupOf group = groups.get(i);
                GroupRow row = found.get(i).result().orElse(new GroupRow(group.name(), Set.of(), Set.of(), Set.of()));
                list.addAll(added(orgName, group, MemberType.GROUP, group.groups(), row.groups()));
                list.addAll(added(orgName, group, MemberType.USER, group.users(), row.users()));
                list.addAll(added(orgName, group, MemberType.CLIENT, group.clients(), row.clients()));
            }
            return change(list);
        });
    }

    private static List<DirectoryChange> added(
            String orgName, GroupOf group, MemberType type, List<String> wanted, Set<String> there) {
        return wanted.stream()
                .filter(name -> !there.contains(name))
                .<DirectoryChange>map(
                        name -> new DirectoryChange.AddToGroup(new InGroup(orgName, group.name(), type, name)))
                .toList();
    }

    static <T> Future<Done> inTurn(List<T> things, Function<T, Future<Done>> action) {
        Future<Done> done = Future.succeededFuture(Done.NOTHING);
        for (T thing : things) {
            done = done.compose(before -> action.apply(thing).map(before::and));
        }
        return done;
    }
}
