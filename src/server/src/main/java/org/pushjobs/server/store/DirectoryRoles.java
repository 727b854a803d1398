package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pushjobs.server.store.DirectoryChanges.Consent;
import org.pushjobs.server.store.DirectoryStore.MemberType;

/**
 * Who may do what in some organisations, within one transaction, to find out what a change takes away from those that it does
 * not name. The trap is that a group can be the first of its name: with {@code pushy_job_writers} the admins may no longer start
 * jobs, with {@code pushy_job_readers} nobody else may see any. Clients count as writers and admins only; a fleet of readers
 * would be long.
 */
final class DirectoryRoles {
    private static final int MOST_NAMED = 5;

    private final SqlClient client;

    DirectoryRoles(SqlClient client) {
        this.client = client;
    }

    /** The right that somebody has. */
    private enum Role {
        ADMINS("change the directory by the API", DirectoryStore.ADMINS),
        WRITERS("start jobs", "pushy_job_writers"),
        READERS("see jobs and nodes", "pushy_job_readers");

        private final String right;
        private final String group;

        Role(String right, String group) {
            this.right = right;
            this.group = group;
        }

        static Role of(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }

    private record Holder(String orgName, Role role, String type, String name) {
        private String text() {
            return type + " " + name;
        }
    }

    /**
     * Who may do what before the changes, in the organisations that they can have an effect on.
     *
     * @param guids of the organisations; none when nothing is to be compared
     * @param at when; a key that is to end then ends for everybody who counts on it
     */
    record Before(Set<String> guids, Instant at, Set<Holder> holders) {}

    /** To be asked before the changes are made. */
    Future<Before> before(List<DirectoryChange> changes, Consent consent) {
        boolean harmless = changes.stream().noneMatch(change -> change.effect() == DirectoryChange.Effect.MAY_LOCK_OUT);
        if (consent == Consent.GIVEN || harmless) {
            return Future.succeededFuture(new Before(Set.of(), Instant.EPOCH, Set.of()));
        }
        String[] orgNames =
                changes.stream().flatMap(change -> change.orgName().stream()).toArray(String[]::new);
        String[] users = changes.stream()
                .flatMap(change -> change.holder().stream())
                .filter(KeyHolder.User.class::isInstance)
                .map(KeyHolder::name)
                .toArray(String[]::new);
        return DirectoryStatements.rows(
                        client,
                        DirectorySql.AFFECTED_ORGANISATIONS,
                        Tuple.tuple().addValue(orgNames).addValue(users))
                .map(rows -> rows.stream().map(row -> row.getString(0)).collect(Collectors.toSet()))
                .compose(guids -> {
                    Instant at = lastEnd(changes);
                    return holders(guids, at).map(holders -> new Before(guids, at, holders));
                });
    }

    /** When the last of the keys ends that the changes give an end. */
    private static Instant lastEnd(List<DirectoryChange> changes) {
        return changes.stream()
                .flatMap(change -> change instanceof DirectoryChange.ExpireKey(KeyHolder _, String _, Instant at)
                        ? Stream.of(at)
                        : Stream.empty())
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    /** Fails with a {@link LockOutException} when somebody lost what no change was about. */
    Future<Void> compare(Before before, List<DirectoryChange> changes) {
        if (before.guids().isEmpty()) {
            return Future.succeededFuture();
        }
        return holders(before.guids(), before.at()).compose(after -> {
            Set<String> meant =
                    changes.stream().flatMap(change -> subject(change).stream()).collect(Collectors.toSet());
            List<String> losses = new ArrayList<>();
            Set<String> orgNames =
                    before.holders().stream().map(Holder::orgName).collect(Collectors.toCollection(TreeSet::new));
            for (String orgName : orgNames) {
                for (Role role : Role.values()) {
                    loss(orgName, role, before.holders(), after, meant).ifPresent(losses::add);
                }
            }
            return losses.isEmpty()
                    ? Future.succeededFuture()
                    : Future.failedFuture(new LockOutException(String.join(" ", losses)));
        });
    }

    private static Optional<String> loss(
            String orgName, Role role, Set<Holder> before, Set<Holder> after, Set<String> meant) {
        Set<Holder> had = only(orgName, role, before);
        Set<Holder> have = only(orgName, role, after);
        List<Holder> lost = had.stream()
                .filter(holder -> !have.contains(holder) && !meant.contains(holder.text()))
                .sorted(Comparator.comparing(Holder::text))
                .toList();
        String right = "may " + role.right + " in organisation '" + orgName + "'";
        String advice = " To keep that, put them, or the group 'admins', into the group '" + role.group + "' first.";
        if (!lost.isEmpty()) {
            return Optional.of("after this change no longer " + right + ": " + names(lost) + "." + advice);
        }
        return have.isEmpty() && !had.isEmpty()
                ? Optional.of("after this change nobody " + right + "."
                        + advice.replace("them, or the group 'admins',", "somebody"))
                : Optional.empty();
    }

    private static Set<Holder> only(String orgName, Role role, Set<Holder> holders) {
        return holders.stream()
                .filter(holder -> holder.orgName().equals(orgName) && holder.role() == role)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String names(List<Holder> lost) {
        String names = lost.stream().limit(MOST_NAMED).map(Holder::text).collect(Collectors.joining(", "));
        return lost.size() <= MOST_NAMED ? names : names + " and " + (lost.size() - MOST_NAMED) + " more";
    }

    /** Whom a change is about; that he loses something is meant. */
    private static Optional<String> subject(DirectoryChange change) {
        return switch (change) {
            case DirectoryChange.RemoveMember(String _, String user) -> Optional.of("user " + user);
            case DirectoryChange.RemoveFromGroup(DirectoryChange.InGroup member) ->
                member.type() == MemberType.GROUP
                        ? Optional.empty()
                        : Optional.of(member.type().label() + " " + member.name());
            case DirectoryChange.CreateOrganisation _,
                    DirectoryChange.DeleteOrganisation _,
                    DirectoryChange.CreateUser _,
                    DirectoryChange.CreateClient _,
                    DirectoryChange.AddMember _,
                    DirectoryChange.CreateGroup _,
                    DirectoryChange.DeleteGroup _,
                    DirectoryChange.AddToGroup _ -> Optional.empty();
            case DirectoryChange.Delete _,
                    DirectoryChange.Switch _,
                    DirectoryChange.AddKey _,
                    DirectoryChange.RemoveKey _,
                    DirectoryChange.ExpireKey _,
                    DirectoryChange.RotateKey _ ->
                change.holder().map(who -> who.claimant().text().replace(':', ' '));
        };
    }

    private Future<Set<Holder>> holders(Set<String> guids, Instant at) {
        return DirectoryStatements.rows(
                        client, DirectorySql.ROLES, Tuple.of(guids.toArray(String[]::new), Times.offset(at)))
                .map(rows -> rows.stream().map(DirectoryRoles::holder).collect(Collectors.toSet()));
    }

    private static Holder holder(Row row) {
        return new Holder(
                row.getString("org"), Role.of(row.getString("role")), row.getString("type"), row.getString("name"));
    }
}
