package org.pushjobs.server.store;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.server.store.DirectoryStore.MemberType;

/**
 * One change of the directory of a server without a Chef server, however it was asked for. {@link DirectoryChanges} makes it.
 * It is long for it has all kinds of changes, each a few lines.
 */
public sealed interface DirectoryChange {
    /** The organisation that it is about; empty when it is about the whole server. */
    default Optional<String> orgName() {
        return switch (this) {
            case CreateOrganisation created -> Optional.of(created.name());
            case DeleteOrganisation deleted -> Optional.of(deleted.name());
            case CreateUser _ -> Optional.empty();
            case AddMember added -> Optional.of(added.organisation());
            case RemoveMember removed -> Optional.of(removed.organisation());
            case CreateClient created -> Optional.of(created.organisation());
            case Delete deleted -> deleted.who().orgName();
            case Switch switched -> switched.who().orgName();
            case AddKey added -> added.who().orgName();
            case RemoveKey removed -> removed.who().orgName();
            case ExpireKey expired -> expired.who().orgName();
            case RotateKey rotated -> rotated.who().orgName();
            case CreateGroup created -> Optional.of(created.organisation());
            case DeleteGroup deleted -> Optional.of(deleted.organisation());
            case AddToGroup added -> Optional.of(added.member().organisation());
            case RemoveFromGroup removed -> Optional.of(removed.member().organisation());
        };
    }

    /** The change as the command line says it, for the audit log. */
    String words();

    /** What is so when it is made, for people. */
    String result();

    /** Who it is about as one who has keys already. */
    default Optional<KeyHolder> holder() {
        return switch (this) {
            case Delete(KeyHolder who) -> Optional.of(who);
            case Switch(KeyHolder who, State _) -> Optional.of(who);
            case AddKey(KeyHolder who, DirectoryKey _) -> Optional.of(who);
            case RemoveKey(KeyHolder who, String _) -> Optional.of(who);
            case ExpireKey(KeyHolder who, String _, Instant _) -> Optional.of(who);
            case RotateKey(KeyHolder who, DirectoryKey _, Optional<Instant> _) -> Optional.of(who);
            case CreateOrganisation _,
                    DeleteOrganisation _,
                    CreateUser _,
                    CreateClient _,
                    AddMember _,
                    RemoveMember _,
                    CreateGroup _,
                    DeleteGroup _,
                    AddToGroup _,
                    RemoveFromGroup _ -> Optional.empty();
        };
    }

    /** Whether it can take away what somebody may do, without naming it. */
    default Effect effect() {
        return switch (this) {
            case CreateOrganisation _,
                    DeleteOrganisation _,
                    CreateUser _,
                    CreateClient _,
                    AddMember _,
                    AddKey _,
                    RotateKey _ -> Effect.NONE;
            case RemoveMember _,
                    Delete _,
                    Switch _,
                    RemoveKey _,
                    ExpireKey _,
                    CreateGroup _,
                    DeleteGroup _,
                    AddToGroup _,
                    RemoveFromGroup _ -> Effect.MAY_LOCK_OUT;
        };
    }

    /** What a change can do to what people may. */
    enum Effect {
        NONE,
        MAY_LOCK_OUT
    }

    /** What the audit log calls it. */
    default String action() {
        return "directory_" + words().split(" ", 2)[0].replace('-', '_');
    }

    /** Whether somebody may do anything at all. */
    enum State {
        ENABLED("enable", "enabled"),
        DISABLED("disable", "disabled");

        private final String verb;
        private final String adjective;

        State(String verb, String adjective) {
            this.verb = verb;
            this.adjective = adjective;
        }
    }

    /** A user's place in an organisation. */
    enum Rank {
        MEMBER(""),
        /** A member of the group {@code admins}, too. */
        ADMIN(" --admin");

        private final String option;

        Rank(String option) {
            this.option = option;
        }
    }

    private static String of(String orgName) {
        return " of organisation '" + orgName + "'";
    }

    /** With an empty group {@code admins}. */
    record CreateOrganisation(String name, String guid) implements DirectoryChange {
        public CreateOrganisation {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(guid, "guid");
        }

        @Override
        public String words() {
            return "org-create " + name;
        }

        @Override
        public String result() {
            return "created organisation '" + name + "' [guid: " + guid + "]";
        }
    }

    /** What becomes of jobs that go on in an organisation that is deleted. */
    enum LiveJobs {
        /** There must be none. */
        REFUSED(""),
        /** They lose their nodes, and stay where nobody sees them until jobs of their age are deleted. */
        ABANDONED(" --abandon-jobs");

        private final String option;

        LiveJobs(String option) {
            this.option = option;
        }
    }

    /**
     * With its clients, groups and memberships, and its jobs that have ended. Users stay. Its agents are disconnected.
     *
     * @param consent that all this goes; without it the organisation must be empty
     */
    record DeleteOrganisation(String name, DirectoryChanges.Consent consent, LiveJobs liveJobs)
            implements DirectoryChange {
        public DeleteOrganisation {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(consent, "consent");
            Objects.requireNonNull(liveJobs, "liveJobs");
        }

        @Override
        public String words() {
            return "org-delete " + name + liveJobs.option;
        }

        @Override
        public String result() {
            return "deleted organisation '" + name + "'";
        }
    }

    /** A user who belongs to no organisation yet. */
    record CreateUser(String name, DirectoryKey key) implements DirectoryChange {
        public CreateUser {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(key, "key");
        }

        @Override
        public String words() {
            return "user-create " + name;
        }

        @Override
        public String result() {
            return "created user '" + name + "'";
        }
    }

    /** Makes a user belong to an organisation; no error when that was so before. */
    record AddMember(String organisation, String user, Rank rank) implements DirectoryChange {
        public AddMember {
            Objects.requireNonNull(organisation, "organisation");
            Objects.requireNonNull(user, "user");
            Objects.requireNonNull(rank, "rank");
        }

        @Override
        public String words() {
            return "org-user-add " + organisation + " " + user + rank.option;
        }

        @Override
        public String result() {
            return "user '" + user + "' is a member" + of(organisation);
        }
    }

    /** Takes a user out of an organisation and of all its groups. */
    record RemoveMember(String organisation, String user) implements DirectoryChange {
        public RemoveMember {
            Objects.requireNonNull(organisation, "organisation");
            Objects.requireNonNull(user, "user");
        }

        @Override
        public String words() {
            return "org-user-remove " + organisation + " " + user;
        }

        @Override
        public String result() {
            return "user '" + user + "' is no member" + of(organisation) + " any more";
        }
    }

    /** A client (node) of an organisation. */
    record CreateClient(String organisation, String name, DirectoryKey key) implements DirectoryChange {
        public CreateClient {
            Objects.requireNonNull(organisation, "organisation");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(key, "key");
        }

        @Override
        public String words() {
            return "client-create " + organisation + " " + name;
        }

        @Override
        public String result() {
            return "created client '" + name + "'" + of(organisation);
        }
    }

    /** Deletes a user or client with all keys; agents that were let in by their right are disconnected. */
    record Delete(KeyHolder who) implements DirectoryChange {
        public Delete {
            Objects.requireNonNull(who, "who");
        }

        @Override
        public String words() {
            return command(who, "delete");
        }

        @Override
        public String result() {
            return "deleted " + who.text();
        }
    }

    /** Switches a user or client off or on, keys, groups and all; off is like deleted until it is on again. */
    record Switch(KeyHolder who, State state) implements DirectoryChange {
        public Switch {
            Objects.requireNonNull(who, "who");
            Objects.requireNonNull(state, "state");
        }

        @Override
        public String words() {
            return command(who, state.verb);
        }

        @Override
        public String result() {
            return who.text() + " is " + state.adjective;
        }
    }

    private static String command(KeyHolder who, String verb) {
        return switch (who) {
            case KeyHolder.User(String name) -> "user-" + verb + " " + name;
            case KeyHolder.Client(String organisation, String name) ->
                "client-" + verb + " " + organisation + " " + name;
        };
    }

    /** One more key. */
    record AddKey(KeyHolder who, DirectoryKey key) implements DirectoryChange {
        public AddKey {
            Objects.requireNonNull(who, "who");
            Objects.requireNonNull(key, "key");
        }

        @Override
        public String words() {
            return "key-add " + who.option() + " " + key.name()
                    + key.expiresAt().map(at -> " --expires " + at).orElse("");
        }

        @Override
        public String result() {
            return who.text() + " has a new key '" + key.name() + "'"
                    + key.expiresAt().map(at -> " until " + at).orElse("");
        }
    }

    /** One key less. */
    record RemoveKey(KeyHolder who, String keyName) implements DirectoryChange {
        public RemoveKey {
            Objects.requireNonNull(who, "who");
            Objects.requireNonNull(keyName, "keyName");
        }

        @Override
        public String words() {
            return "key-remove " + who.option() + " " + keyName;
        }

        @Override
        public String result() {
            return "key '" + keyName + "' of " + who.text() + " is removed";
        }
    }

    /** A key counts until then and no longer. */
    record ExpireKey(KeyHolder who, String keyName, Instant at) implements DirectoryChange {
        public ExpireKey {
            Objects.requireNonNull(who, "who");
            Objects.requireNonNull(keyName, "keyName");
            Objects.requireNonNull(at, "at");
        }

        @Override
        public String words() {
            return "key-expire " + who.option() + " " + keyName + " --at " + at;
        }

        @Override
        public String result() {
            return "key '" + keyName + "' of " + who.text() + " counts until " + at;
        }
    }

    /**
     * A new key in the place of all others.
     *
     * @param othersUntil until when the others count, unless they expire before; empty when they go at once
     */
    record RotateKey(KeyHolder who, DirectoryKey key, Optional<Instant> othersUntil) implements DirectoryChange {
        public RotateKey {
            Objects.requireNonNull(who, "who");
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(othersUntil, "othersUntil");
        }

        @Override
        public String words() {
            return "key-rotate " + who.option() + " " + key.name()
                    + othersUntil.map(at -> " --old-until " + at).orElse("");
        }

        @Override
        public String result() {
            return who.text() + " has a new key '" + key.name() + "', the others "
                    + othersUntil.map(at -> "count until " + at).orElse("are removed");
        }
    }

    /** No error when there is one. */
    record CreateGroup(String organisation, String group) implements DirectoryChange {
        public CreateGroup {
            Objects.requireNonNull(organisation, "organisation");
            Objects.requireNonNull(group, "group");
        }

        @Override
        public String words() {
            return "group-create " + organisation + " " + group;
        }

        @Override
        public String result() {
            return "there is a group '" + group + "'" + of(organisation);
        }
    }

    /** The group with all its memberships. */
    record DeleteGroup(String organisation, String group) implements DirectoryChange {
        public DeleteGroup {
            Objects.requireNonNull(organisation, "organisation");
            Objects.requireNonNull(group, "group");
        }

        @Override
        public String words() {
            return "group-delete " + organisation + " " + group;
        }

        @Override
        public String result() {
            return "deleted group '" + group + "'" + of(organisation);
        }
    }

    /** Somebody who is in a group, or is to be. */
    record InGroup(String organisation, String group, MemberType type, String name) {
        public InGroup {
            Objects.requireNonNull(organisation, "organisation");
            Objects.requireNonNull(group, "group");
            Objects.requireNonNull(type, "type");
            Objects.requireNonNull(name, "name");
        }

        private String words() {
            return " " + organisation + " " + group + " --" + type.label() + " " + name;
        }

        private String text() {
            return " in group '" + group + "'" + of(organisation);
        }
    }

    /** Makes the group when it is not there; no error when they were in it before. */
    record AddToGroup(InGroup member) implements DirectoryChange {
        public AddToGroup {
            Objects.requireNonNull(member, "member");
        }

        @Override
        public String words() {
            return "group-add" + member.words();
        }

        @Override
        public String result() {
            return "'" + member.name() + "' is" + member.text();
        }
    }

    /** The group stays, be it empty. */
    record RemoveFromGroup(InGroup member) implements DirectoryChange {
        public RemoveFromGroup {
            Objects.requireNonNull(member, "member");
        }

        @Override
        public String words() {
            return "group-remove" + member.words();
        }

        @Override
        public String result() {
            return "'" + member.name() + "' is not" + member.text() + " any more";
        }
    }
}
