package org.pushjobs.server.directory;

import static java.util.stream.Collectors.partitioningBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.store.DirectoryStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code import FILE}: many organisations, users and clients at once, each with a new key or a given one. */
@Command(
        name = "import",
        description = {
            "Creates what a JSON file lists, with a new key for each user and client (key_out) or a given one (public_key):",
            "{\"organisations\": [{\"name\": ORG,",
            "   \"users\": [{\"name\": NAME, \"admin\": true, \"key_out\": FILE}],",
            "   \"clients\": [{\"name\": NAME, \"key_out\": FILE}, {\"name\": NAME, \"public_key\": FILE}]}]}"
        })
final class ImportCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CLIENTS_AT_ONCE = 1_000;

    @ParentCommand
    private DirectoryCommand directory;

    @Parameters(paramLabel = "FILE")
    private Path file;

    private record Content(@JsonProperty(required = true) List<Org> organisations) {}

    private record Org(@JsonProperty(required = true) String name, List<Member> users, List<Member> clients) {
        private Org {
            users = users == null ? List.of() : List.copyOf(users);
            clients = clients == null ? List.of() : List.copyOf(clients);
        }
    }

    private record Member(
            @JsonProperty(required = true) String name,
            boolean admin,

            @JsonProperty("key_out") String keyOut,

            @JsonProperty("public_key") String publicKey) {
        private void check() {
            if ((keyOut == null) == (publicKey == null)) {
                throw new ServerException(400, "'" + name + "' needs either key_out or public_key");
            }
        }

        private boolean bringsKey() {
            return publicKey != null;
        }
    }

    @Override
    public Integer call() {
        return directory.execute(store ->
                inTurn(read().organisations(), org -> create(store, org)).map("imported " + file));
    }

    private Content read() {
        try {
            return JSON.readValue(Files.readString(file), Content.class);
        } catch (JsonProcessingException e) {
            throw new ServerException(400, file + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new ServerException(400, "cannot read " + file + ": " + e);
        }
    }

    private static Future<Void> create(DirectoryStore store, Org org) {
        org.users().forEach(Member::check);
        org.clients().forEach(Member::check);
        Organisation created = Organisation.create(Names.checkOrganisation(org.name()));
        Map<Boolean, List<Member>> clients = org.clients().stream().collect(partitioningBy(Member::bringsKey));
        return store.createOrganisation(created.name(), created.guid())
                .compose(_ -> inTurn(org.users(), user -> createUser(store, org.name(), user)))
                .compose(_ -> inTurn(clients.get(false), client -> createClient(store, org.name(), client)))
                .compose(_ -> createWithKeys(store, org.name(), clients.get(true)));
    }

    private static Future<Void> createUser(DirectoryStore store, String org, Member user) {
        Set<String> groups = user.admin() ? Set.of(DirectoryStore.ADMINS) : Set.of();
        Function<String, Future<Void>> create =
                publicKey -> store.createMember(Names.checkOther(user.name()), publicKey, org, groups);
        return user.bringsKey()
                ? create.apply(KeyOptions.read(Path.of(user.publicKey())))
                : NewKey.use(Path.of(user.keyOut()), create);
    }

    private static Future<Void> createClient(DirectoryStore store, String org, Member client) {
        return NewKey.use(
                Path.of(client.keyOut()),
                publicKey -> store.createClient(org, Names.checkOther(client.name()), publicKey));
    }

    /** Many at a time: simulated fleets are large. A key file that many have is read once. */
    private static Future<Void> createWithKeys(DirectoryStore store, String org, List<Member> clients) {
        Map<String, String> keys = new HashMap<>();
        Future<Void> done = Future.succeededFuture();
        for (int from = 0; from < clients.size(); from += CLIENTS_AT_ONCE) {
            Map<String, String> some = new LinkedHashMap<>();
            for (Member client : clients.subList(from, Math.min(from + CLIENTS_AT_ONCE, clients.size()))) {
                String key = keys.computeIfAbsent(client.publicKey(), file -> KeyOptions.read(Path.of(file)));
                some.put(Names.checkOther(client.name()), key);
            }
            done = done.compose(_ -> store.createClients(org, some));
        }
        return done;
    }

    private static <T> Future<Void> inTurn(List<T> things, Function<T, Future<Void>> action) {
        Future<Void> done = Future.succeededFuture();
        for (T thing : things) {
            done = done.compose(_ -> action.apply(thing));
        }
        return done;
    }
}
