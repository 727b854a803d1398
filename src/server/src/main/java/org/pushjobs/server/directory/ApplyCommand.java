package org.pushjobs.server.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.store.DirectoryChange;
import org.pushjobs.server.store.DirectoryChanges.Consent;
import org.pushjobs.server.store.DirectoryChanges.Scope;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code apply FILE}: many organisations, users, clients and groups at once. */
@Command(
        name = "apply",
        aliases = "import",
        description = {
            "Makes the directory have what a JSON file lists; what is there stays, so it can be repeated. A user or client"
                    + " that is not there gets a new key (key_out) or a given one (public_key); one that is there and does"
                    + " not have the given key gets it in the place of its key 'default'. Nothing is taken away:",
            "{\"organisations\": [{\"name\": ORG,",
            "   \"users\": [{\"name\": NAME, \"admin\": true, \"key_out\": FILE}],",
            "   \"clients\": [{\"name\": NAME, \"key_out\": FILE}, {\"name\": NAME, \"public_key\": FILE}],",
            "   \"groups\": [{\"name\": GROUP, \"users\": [NAME], \"clients\": [NAME], \"groups\": [GROUP]}]}]}"
        })
final class ApplyCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParentCommand
    private DirectoryCommand directory;

    @Parameters(paramLabel = "FILE")
    private Path file;

    @Mixin
    private ConfirmOption confirm;

    @Override
    public Integer call() {
        return directory.execute(work -> PlanWork.inTurn(read().organisations(), org -> put(work, org))
                .map(done -> "applied " + file + ": " + done));
    }

    private DirectoryPlan.Whole read() {
        try {
            return JSON.readValue(Files.readString(file), DirectoryPlan.Whole.class);
        } catch (JsonProcessingException e) {
            throw new ServerException(400, file + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new ServerException(400, "cannot read " + file + ": " + e);
        }
    }

    private Future<PlanWork.Done> put(DirectoryWork work, DirectoryPlan.Org org) {
        String name = Names.checkOrganisation(org.name());
        DirectoryPlan.Content content = org.content();
        PlanWork plan = new PlanWork(
                work.store(),
                work.changes(),
                new Scope.Server(),
                confirm.consent(),
                keyFile -> KeyOptions.read(Path.of(keyFile)));
        return work.store()
                .organisationGuid(name)
                .compose(guid -> guid.isPresent()
                        ? Future.succeededFuture(PlanWork.Done.NOTHING)
                        : work.make(
                                        new DirectoryChange.CreateOrganisation(
                                                name, Organisation.create(name).guid()),
                                        Consent.NOT_GIVEN)
                                .map(new PlanWork.Done(1, 0)))
                .compose(done -> plan.perform(name, content).map(done::and));
    }
}
