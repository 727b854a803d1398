package org.pushjobs.server.secrets;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.pushjobs.config.ServerConfig;
import org.pushjobs.config.files.ConfigException;
import org.pushjobs.config.secrets.SecretsFile;
import org.pushjobs.server.store.ClusterIdentity;
import org.pushjobs.server.store.ClusterStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code secrets adopt} */
@Command(
        name = "adopt",
        description =
                "Makes the keys in this server's secrets file the cluster's, where the database has a cluster with others:"
                        + " after a restored database, a lost file, or a rotation that broke off.")
final class AdoptCommand implements Callable<Integer> {
    @ParentCommand
    private SecretsCommand secrets;

    @Override
    public Integer call() {
        return secrets.execute(AdoptCommand::adopt);
    }

    private static String adopt(ServerConfig config, SecretsCommand.Cluster cluster) throws ConfigException {
        Path file = config.secretsFile();
        String fingerprint = SecretsFile.load(file).fingerprint();
        if (cluster.ask(store -> store.has(fingerprint)).orElse(false)) {
            return "the keys in " + file + " are the cluster's already; nothing was changed";
        }
        ClusterIdentity identity = cluster.ask(store -> store.rotate(fingerprint));
        return "the keys in " + file + " are the cluster's now [key epoch: " + identity.keyEpoch() + "].\n"
                + SecretsCommand.consequences(cluster.ask(ClusterStore::liveJobs));
    }
}
