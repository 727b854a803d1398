package org.pushjobs.server.secrets;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.pushjobs.config.ServerConfig;
import org.pushjobs.config.files.ConfigException;
import org.pushjobs.config.secrets.Secrets;
import org.pushjobs.config.secrets.SecretsFile;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.store.ClusterIdentity;
import org.pushjobs.server.store.ClusterStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code secrets rotate} */
@Command(
        name = "rotate",
        description =
                "Puts new keys into the secrets file and makes them the cluster's. Agents fetch their configuration again"
                        + " after the servers were restarted.")
final class RotateCommand implements Callable<Integer> {
    @ParentCommand
    private SecretsCommand secrets;

    @Override
    public Integer call() {
        return secrets.execute(RotateCommand::rotate);
    }

    /** The file first: should the rest fail, the file has what {@code adopt} needs. */
    private static String rotate(ServerConfig config, SecretsCommand.Cluster cluster) throws ConfigException {
        Path file = config.secretsFile();
        if (Files.exists(file)) {
            String fingerprint = SecretsFile.load(file).fingerprint();
            if (!cluster.ask(store -> store.has(fingerprint)).orElse(true)) {
                throw new ServerException(
                        409,
                        "the secrets in " + file
                                + " are not the cluster's; copy the file from a server of the cluster, or make"
                                + " these the cluster's by 'pushjobs-server --config FILE secrets adopt', which are new keys for the agents, too");
            }
        }
        Secrets fresh = SecretsFile.replace(file);
        ClusterIdentity identity;
        try {
            identity = cluster.ask(store -> store.rotate(fresh.fingerprint()));
        } catch (ServerException e) {
            throw new ServerException(
                    e.status(),
                    file
                            + " has new secrets, but the database could not be told; run 'pushjobs-server --config FILE secrets adopt' when it answers: "
                            + e.getMessage());
        }
        return file + " has new keys, they are the cluster's [key epoch: " + identity.keyEpoch() + "].\n"
                + SecretsCommand.consequences(cluster.ask(ClusterStore::liveJobs));
    }
}
