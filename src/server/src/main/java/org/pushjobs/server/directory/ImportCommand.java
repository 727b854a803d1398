package org.pushjobs.server.directory;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.store.DirectoryStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code import FILE}: many organisations, users and clients at once, each with a new key. */
@Command(
        name = "import",
        description = {
            "Creates what a JSON file lists, with a new key for each user and client:",
            "{\"organisations\": [{\"name\": ORG,",
            "   \"users\": [{\"name\": NAME, \"admin\": true, \"key_out\": FILE}],",
            "   \"clients\": [{\"name\": NAME, \"key_out\": FILE}]}]}"
        })
final class ImportCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

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

            @JsonProperty(value = "key_out", required = true)
            String keyOut) {}

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
        Organisation created = Organisation.create(Names.checkOrganisation(org.name()));
        return store.createOrganisation(created.name(), created.guid())
                .compose(_ -> inTurn(org.users(), user -> createUser(store, org.name(), user)))
                .compose(_ -> inTurn(org.clients(), client -> createClient(store, org.name(), client)));
    }

    private static Future<Void> createUser(DirectoryStore store, String org, Member user) {
        Set<String> groups = user.admin() ? Set.of(DirectoryStore.ADMINS) : Set.of();
        return NewKey.use(
                Path.of(user.keyOut()),
                publicKey -> store.createMember(Names.checkOther(user.name()), publicKey, org, groups));
    }

    private static Future<Void> createClient(DirectoryStore store, String org, Member client) {
        return NewKey.use(
                Path.of(client.keyOut()),
                publicKey -> store.createClient(org, Names.checkOther(client.name()), publicKey));
    }

    private static <T> Future<Void> inTurn(List<T> things, Function<T, Future<Void>> action) {
        Future<Void> done = Future.succeededFuture();
        for (T thing : things) {
            done = done.compose(_ -> action.apply(thing));
        }
        return done;
    }
}
