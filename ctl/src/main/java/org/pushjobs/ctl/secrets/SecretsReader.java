package org.pushjobs.ctl.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.secrets.VeilFile.Rotation;
import org.pushjobs.ctl.settings.Installation;
import org.pushjobs.ctl.settings.Installation.ChefServerMachine;
import org.pushjobs.ctl.settings.Installation.Database;
import org.pushjobs.ctl.settings.Installation.StandAlone;

/**
 * Finds the secrets of a machine: in the Chef server's file, in files of older versions, which it takes over, and makes what
 * is nowhere, where that may be done. Changes no file; what is to become of them is in the answer.
 */
public final class SecretsReader {
    private static final String CHEF_GROUP = "chef-server";
    private static final String SUPERUSER_KEY = "superuser_key";
    static final String POSTGRES_GROUP = "postgresql";
    static final String SUPERUSER_PASSWORD = "db_superuser_password";
    private static final String PIVOTAL_KEY = "/etc/opscode/pivotal.pem";

    private final Layout layout;
    private final Installation installation;
    private final List<String> news = new ArrayList<>();
    private final List<Path> outdated = new ArrayList<>();

    public SecretsReader(Layout layout, Installation installation) {
        this.layout = layout;
        this.installation = installation;
    }

    /**
     * What was found.
     *
     * @param file with what is to be in it
     * @param news what is new in it, for people
     * @param outdated files whose contents are in it now
     */
    public record Found(VeilFile file, List<String> news, List<Path> outdated, ServerSecrets secrets) {
        public Found {
            news = List.copyOf(news);
            outdated = List.copyOf(outdated);
        }
    }

    /** @throws CtlException when something is wrong with a secret, or one is missing that may not be made here */
    public Found read() throws CtlException {
        VeilFile common = common();
        VeilFile file = ours(common);
        takeOver(file);
        takeOverSuperuserKey(common);
        OwnGroup group = new OwnGroup(file);
        List<String> missing = group.missing();
        if (!missing.isEmpty()) {
            make(file, missing);
        }
        group.check();
        return new Found(file, news, outdated, secrets(file, common));
    }

    /**
     * The same with new keys in the place of those that there are. Passwords stay.
     *
     * @throws CtlException as {@link #read}, and where there are no keys yet
     */
    public Found readWithNewKeys() throws CtlException {
        VeilFile common = common();
        VeilFile file = ours(common);
        OwnGroup group = new OwnGroup(file);
        if (!group.missing().isEmpty()) {
            throw new CtlException(file.file()
                    + " has no keys yet that could be replaced; run opscode-push-jobs-server-ctl reconfigure");
        }
        if (installation.host() instanceof ChefServerMachine(var _, var name, var isBootstrap, var bootstrap)
                && !isBootstrap) {
            throw new CtlException("keys are made on " + bootstrap + " only, and this is " + name
                    + "; run this command there, then copy " + file.file() + " from there");
        }
        group.make(OwnGroup.KEYS);
        return new Found(file, news, outdated, secrets(file, common));
    }

    /**
     * The file in which the server's secrets are or would be; nothing is taken over and nothing is made.
     *
     * @throws CtlException when it cannot be understood
     */
    public VeilFile file() throws CtlException {
        return ours(common());
    }

    /** What the Chef server has; our own file where there is none. */
    private VeilFile common() throws CtlException {
        return switch (installation.host()) {
            case ChefServerMachine _ -> {
                Path file = layout.chefServerSecrets();
                if (Files.notExists(file)) {
                    throw new CtlException(file + " is not there; run chef-server-ctl reconfigure, which makes it");
                }
                yield VeilFile.read(file);
            }
            case StandAlone() -> own();
        };
    }

    private VeilFile own() throws CtlException {
        return Files.exists(layout.ownSecrets())
                ? VeilFile.read(layout.ownSecrets())
                : VeilFile.create(layout.ownSecrets());
    }

    /** A Chef server that does not know our group would stumble over it. */
    private VeilFile ours(VeilFile common) throws CtlException {
        boolean apart = installation.host() instanceof ChefServerMachine
                && common.isOldestForm()
                && !common.hasGroup(OwnGroup.GROUP);
        return apart ? own() : common;
    }

    private void takeOver(VeilFile file) throws CtlException {
        Path passwords = layout.oldSecrets();
        if (Files.exists(passwords)) {
            JsonNode groups = json(passwords);
            for (JsonNode group : groups) {
                for (var secret : group.properties()) {
                    takeOver(file, secret.getKey(), secret.getValue().asText(), passwords);
                }
            }
            outdated.add(passwords);
        }
        if (Files.exists(layout.ownSecrets()) && !file.file().equals(layout.ownSecrets())) {
            // from the time before the Chef server was upgraded
            VeilFile own = VeilFile.read(layout.ownSecrets());
            for (String name : OwnGroup.NAMES) {
                Optional<String> value = own.get(OwnGroup.GROUP, name);
                if (value.isPresent()) {
                    takeOver(file, name, value.get(), layout.ownSecrets());
                }
            }
            outdated.add(layout.ownSecrets());
        }
        Path keyring = layout.at(installation.keyringDirectory());
        Path privateKey = keyring.resolve("pushy_priv.pem");
        Path publicKey = keyring.resolve("pushy_pub.pem");
        if (Files.exists(privateKey) && Files.exists(publicKey)) {
            takeOver(file, OwnGroup.PRIVATE_KEY, text(privateKey), privateKey);
            takeOver(file, OwnGroup.PUBLIC_KEY, text(publicKey), publicKey);
        } else if ((Files.exists(privateKey) || Files.exists(publicKey))
                && file.get(OwnGroup.GROUP, OwnGroup.PRIVATE_KEY).isEmpty()) {
            Path there = Files.exists(privateKey) ? privateKey : publicKey;
            throw new CtlException(there + " is there without the other half of the key pair, pushy_priv.pem and"
                    + " pushy_pub.pem; put the other one back, or move it away to have a new pair, which agents take up"
                    + " when they fetch their configuration");
        }
        for (Path key : List.of(privateKey, publicKey)) {
            if (Files.exists(key)) {
                outdated.add(key);
            }
        }
    }

    private void takeOverSuperuserKey(VeilFile common) throws CtlException {
        Path pivotal = layout.at(PIVOTAL_KEY);
        if (installation.host() instanceof ChefServerMachine
                && !common.isOldestForm()
                && common.get(CHEF_GROUP, SUPERUSER_KEY).isEmpty()
                && Files.exists(pivotal)) {
            common.put(CHEF_GROUP, SUPERUSER_KEY, text(pivotal), Rotation.NEVER);
            news.add(CHEF_GROUP + "." + SUPERUSER_KEY + " (from " + pivotal + ")");
        }
    }

    private Optional<String> superuserKey(VeilFile common) throws CtlException {
        Path pivotal = layout.at(PIVOTAL_KEY);
        Optional<String> known = common.get(CHEF_GROUP, SUPERUSER_KEY);
        return known.isEmpty() && Files.exists(pivotal) ? Optional.of(text(pivotal)) : known;
    }

    private void takeOver(VeilFile file, String name, String value, Path from) throws CtlException {
        Optional<String> known = file.get(OwnGroup.GROUP, name);
        if (known.isEmpty()) {
            file.put(OwnGroup.GROUP, name, value, OwnGroup.rotation(name));
            news.add(OwnGroup.GROUP + "." + name + " (from " + from + ")");
        } else if (!known.get().equals(value)) {
            throw new CtlException(from + " has another " + name + " than " + file.file() + " in its group "
                    + OwnGroup.GROUP
                    + "; find out which one the agents and the database know, and move " + from
                    + " away, or remove the other by chef-server-ctl remove-secret " + OwnGroup.GROUP + " " + name);
        }
    }

    private static JsonNode json(Path file) throws CtlException {
        try {
            return new ObjectMapper().readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new CtlException(file + " cannot be read as a JSON document ("
                    + e.getClass().getSimpleName() + "); put it right, or move it away to have new passwords");
        }
    }

    private static String text(Path file) throws CtlException {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new CtlException(file + " cannot be read (" + e + "); run this command as root", e);
        }
    }

    private void make(VeilFile file, List<String> missing) throws CtlException {
        if (installation.host() instanceof ChefServerMachine(var _, var name, var isBootstrap, var bootstrap)
                && !isBootstrap) {
            throw new CtlException(
                    file.file() + " has no " + String.join(", ", missing) + " in its group " + OwnGroup.GROUP
                            + ", and this machine, " + name
                            + ", must not make its own: agents would take the server for another"
                            + " one after a failover. Run opscode-push-jobs-server-ctl reconfigure on " + bootstrap
                            + ", then copy " + file.file() + " from there and run this command again");
        }
        new OwnGroup(file).make(missing);
        missing.forEach(name -> news.add(OwnGroup.GROUP + "." + name + " (new)"));
    }

    private String advice(Path file) {
        return switch (installation.host()) {
            case ChefServerMachine _ -> "run chef-server-ctl reconfigure, which puts it there";
            case StandAlone() ->
                "write {\"" + POSTGRES_GROUP + "\": {\"" + SUPERUSER_PASSWORD + "\": \"...\"}} to " + file
                        + ", for root only, when there is no such file yet";
        };
    }

    private ServerSecrets secrets(VeilFile file, VeilFile common) throws CtlException {
        Optional<String> superuserPassword = common.get(POSTGRES_GROUP, SUPERUSER_PASSWORD);
        if (installation.database() instanceof Database.Postgres postgres && superuserPassword.isEmpty()) {
            throw new CtlException(common.file() + " has no " + SUPERUSER_PASSWORD + " in its group " + POSTGRES_GROUP
                    + ", the password of " + postgres.superuser() + " at " + postgres.addresses()
                    + ", who makes the roles and the database; " + advice(common.file()));
        }
        Optional<String> superuserKey =
                installation.host() instanceof ChefServerMachine ? superuserKey(common) : Optional.empty();
        if (installation.host() instanceof ChefServerMachine && superuserKey.isEmpty()) {
            throw new CtlException(
                    file.file() + " has no " + SUPERUSER_KEY + " in its group " + CHEF_GROUP + ", and there" + " is no "
                            + PIVOTAL_KEY + "; run chef-server-ctl reconfigure, which puts it there");
        }
        OwnGroup group = new OwnGroup(file);
        return new ServerSecrets(
                group.value(OwnGroup.PRIVATE_KEY),
                group.value(OwnGroup.PUBLIC_KEY),
                group.value(OwnGroup.CURVE_PUBLIC_KEY),
                group.value(OwnGroup.CURVE_SECRET_KEY),
                group.value(OwnGroup.MASTER_SECRET),
                group.value(OwnGroup.SQL_PASSWORD),
                group.value(OwnGroup.SQL_RO_PASSWORD),
                superuserPassword,
                superuserKey);
    }
}
