package org.pushjobs.server.directory;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pushjobs.server.ServerException;

/** What a directory is to have at least, as JSON has it (docs/configuration.md, "Directory of its own"). */
public final class DirectoryPlan {
    private DirectoryPlan() {}

    /** Several organisations. */
    record Whole(@JsonProperty(required = true) List<Org> organisations) {
        Whole {
            organisations = copy(organisations);
        }
    }

    /** One organisation with its name. */
    record Org(
            @JsonProperty(required = true) String name,
            List<Member> users,
            List<Member> clients,
            List<GroupOf> groups) {
        Content content() {
            return new Content(users, clients, groups);
        }
    }

    /** What an organisation is to have; names are checked, and each occurs once. */
    public record Content(List<Member> users, List<Member> clients, List<GroupOf> groups) {
        public Content {
            users = copy(users);
            clients = copy(clients);
            groups = copy(groups);
            users.forEach(Member::check);
            clients.forEach(Member::check);
            groups.forEach(GroupOf::check);
            once("user", users.stream().map(Member::name).toList());
            once("client", clients.stream().map(Member::name).toList());
            once("group", groups.stream().map(GroupOf::name).toList());
        }

        /** Whether no key has to be made. */
        public boolean bringsAllKeys() {
            return Stream.concat(users.stream(), clients.stream()).allMatch(Member::bringsKey);
        }

        /** For the audit log. */
        public String words(String orgName) {
            return "apply " + orgName + ": users " + names(users) + ", clients " + names(clients) + ", groups "
                    + groups.stream().map(GroupOf::words).collect(Collectors.joining(" "));
        }

        private static String names(List<Member> members) {
            return members.stream().map(Member::words).collect(Collectors.joining(" "));
        }
    }

    /**
     * A user or client.
     *
     * @param admin of users only
     * @param keyOut a file for a new private key; null where the key is given
     * @param publicKey the key, or the file that it is in; null where one is made
     */
    public record Member(
            @JsonProperty(required = true) String name,
            boolean admin,

            @JsonProperty("key_out") String keyOut,

            @JsonProperty("public_key") String publicKey) {
        private void check() {
            Names.checkOther(name);
            if ((keyOut == null) == (publicKey == null)) {
                throw new ServerException(400, "'" + name + "' needs either key_out or public_key");
            }
        }

        private String words() {
            return admin ? name + " (admin)" : name;
        }

        boolean bringsKey() {
            return publicKey != null;
        }
    }

    /** A group with members by name. */
    public record GroupOf(
            @JsonProperty(required = true) String name, List<String> users, List<String> clients, List<String> groups) {
        public GroupOf {
            users = copy(users);
            clients = copy(clients);
            groups = copy(groups);
        }

        private String words() {
            return name + " (users " + String.join(" ", users) + ", clients " + String.join(" ", clients) + ", groups "
                    + String.join(" ", groups) + ")";
        }

        private void check() {
            Names.checkOther(name);
            users.forEach(Names::checkOther);
            clients.forEach(Names::checkOther);
            groups.forEach(Names::checkOther);
        }
    }

    private static <T> List<T> copy(List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    private static void once(String kind, List<String> names) {
        Map<String, Long> counts = names.stream().collect(Collectors.groupingBy(name -> name, Collectors.counting()));
        counts.forEach((name, count) -> {
            if (count > 1) {
                throw new ServerException(400, kind + " '" + name + "' is listed " + count + " times; keep one");
            }
        });
    }
}
