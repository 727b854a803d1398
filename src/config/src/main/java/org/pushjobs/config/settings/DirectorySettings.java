package org.pushjobs.config.settings;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.pushjobs.config.AccessConfig;
import org.pushjobs.config.DirectoryConfig;
import org.pushjobs.config.EnvAccess;
import org.pushjobs.config.ReadAccess;
import org.pushjobs.config.TlsTrust;
import org.pushjobs.config.files.OwnerOnlyFile;
import org.pushjobs.protocol.keys.InvalidKeyTextException;
import org.pushjobs.protocol.keys.PemKeys;

/** Puts the settings of the directory together and reads the files with the superuser's key and the CA certificates. */
final class DirectorySettings {
    /** The values of {@code directory}. */
    enum Kind {
        STANDALONE,
        CHEF_SERVER
    }

    /** The values of {@code chef_verify_mode}, named as in the Chef tools' {@code ssl_verify_mode}. */
    enum VerifyMode {
        VERIFY_PEER,
        VERIFY_NONE
    }

    private static final List<Setting<?>> CHEF_SERVER_ONLY = List.of(
            Settings.ERCHEF_ROOT_URL,
            Settings.ERCHEF_HOST,
            Settings.ERCHEF_PORT,
            Settings.SUPERUSER_NAME,
            Settings.SUPERUSER_KEY_FILE,
            Settings.CHEF_CA_FILE,
            Settings.CHEF_VERIFY_MODE,
            Settings.DIRECTORY_CONNECT_TIMEOUT,
            Settings.DIRECTORY_TIMEOUT,
            Settings.DIRECTORY_MAX_CONNECTIONS,
            Settings.DIRECTORY_MAX_WAITING);

    private static final String OPEN_READING =
            "is not set and so organization, as in the original server: in an organization without the group"
                    + " pushy_job_readers the key of each node can read all jobs, their environment and the output of all"
                    + " nodes, and each user who may read can act as any node; set it to restricted, or to organization to"
                    + " keep this without a warning";
    private static final String OPEN_ENVIRONMENT =
            "is not set and so readers, as in the original server: who may see a job sees the values in its environment;"
                    + " set it to writers, or to readers to keep this without a warning";

    private final Path file;
    private final SettingValues values;

    DirectorySettings(Path file, SettingValues values) {
        this.file = file;
        this.values = values;
    }

    /** Empty when something is wrong, which is an error of the values then. */
    Optional<DirectoryConfig> read() {
        return values.value(Settings.DIRECTORY).flatMap(kind -> switch (kind) {
            case STANDALONE -> standalone();
            case CHEF_SERVER -> chefServer();
        });
    }

    /**
     * Who may see what. Scripts that work with a Chef server may rely on what the original server lets everybody see; without
     * one there are none.
     */
    AccessConfig access(DirectoryConfig directory) {
        return switch (directory) {
            case DirectoryConfig.Standalone _ -> access(ReadAccess.RESTRICTED, EnvAccess.WRITERS);
            case DirectoryConfig.ChefServer _ -> {
                warnOfOpen(Settings.READ_ACCESS, OPEN_READING);
                warnOfOpen(Settings.ENV_ACCESS, OPEN_ENVIRONMENT);
                yield access(ReadAccess.ORGANIZATION, EnvAccess.READERS);
            }
        };
    }

    private AccessConfig access(ReadAccess read, EnvAccess env) {
        return new AccessConfig(
                values.value(Settings.READ_ACCESS).orElse(read),
                values.value(Settings.ENV_ACCESS).orElse(env));
    }

    private void warnOfOpen(Setting<?> setting, String warning) {
        if (!values.isGiven(setting)) {
            values.warn(setting, warning);
        }
    }

    private Optional<DirectoryConfig> standalone() {
        CHEF_SERVER_ONLY.stream()
                .filter(values::isGiven)
                .forEach(setting -> values.warn(setting, "has no effect unless directory is chef_server; remove it"));
        Optional<Duration> cacheTime = values.isGiven(Settings.DIRECTORY_CACHE_SECONDS)
                ? values.value(Settings.DIRECTORY_CACHE_SECONDS)
                : Optional.of(DirectoryConfig.Standalone.DEFAULT_CACHE_TIME);
        return cacheTime.map(DirectoryConfig.Standalone::new);
    }

    private Optional<DirectoryConfig> chefServer() {
        require(Settings.ERCHEF_ROOT_URL, "set it to the Chef server's URL, https://HOST");
        require(Settings.SUPERUSER_KEY_FILE, "name the file with the private key of the Chef server's superuser");
        Optional<RSAPrivateKey> key = values.value(Settings.SUPERUSER_KEY_FILE).flatMap(this::privateKey);
        Optional<TlsTrust> trust = trust();
        if (key.isEmpty() || trust.isEmpty() || values.hasErrors()) {
            return Optional.empty();
        }
        return Optional.of(new DirectoryConfig.ChefServer(
                values.get(Settings.ERCHEF_ROOT_URL),
                values.get(Settings.ERCHEF_HOST),
                values.get(Settings.ERCHEF_PORT),
                values.get(Settings.SUPERUSER_NAME),
                key.get(),
                trust.get(),
                values.get(Settings.DIRECTORY_CACHE_SECONDS),
                values.get(Settings.DIRECTORY_CONNECT_TIMEOUT),
                values.get(Settings.DIRECTORY_TIMEOUT),
                values.get(Settings.DIRECTORY_MAX_CONNECTIONS),
                values.get(Settings.DIRECTORY_MAX_WAITING)));
    }

    private void require(Setting<?> setting, String advice) {
        if (!values.isGiven(setting)) {
            values.error(setting, "is missing, directory chef_server needs it; " + advice);
        }
    }

    private Optional<RSAPrivateKey> privateKey(Path written) {
        Path keyFile = ConfigFile.resolve(file, written);
        Optional<String> problem = OwnerOnlyFile.problem(keyFile);
        if (problem.isPresent()) {
            values.error(Settings.SUPERUSER_KEY_FILE, "cannot be used: " + problem.get());
            return Optional.empty();
        }
        try {
            return text(Settings.SUPERUSER_KEY_FILE, keyFile).map(PemKeys::privateKey);
        } catch (InvalidKeyTextException e) {
            values.error(
                    Settings.SUPERUSER_KEY_FILE, "names " + keyFile + ", which holds no RSA key: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<TlsTrust> trust() {
        return values.value(Settings.CHEF_VERIFY_MODE).flatMap(mode -> switch (mode) {
            case VERIFY_PEER ->
                values.isGiven(Settings.CHEF_CA_FILE)
                        ? values.value(Settings.CHEF_CA_FILE).flatMap(this::certificates)
                        : Optional.of(new TlsTrust.SystemAuthorities());
            case VERIFY_NONE -> {
                values.warn(
                        Settings.CHEF_VERIFY_MODE,
                        "is verify_none: whoever can pass for the Chef server decides who may run commands; set"
                                + " chef_ca_file instead");
                yield Optional.of(new TlsTrust.Anyone());
            }
        });
    }

    private Optional<TlsTrust> certificates(Path written) {
        Path caFile = ConfigFile.resolve(file, written);
        Optional<String> pem = text(Settings.CHEF_CA_FILE, caFile);
        try {
            if (pem.isPresent()
                    && CertificateFactory.getInstance("X.509")
                            .generateCertificates(
                                    new ByteArrayInputStream(pem.get().getBytes(StandardCharsets.UTF_8)))
                            .isEmpty()) {
                throw new CertificateException("the file is empty");
            }
            return pem.map(TlsTrust.Authorities::new);
        } catch (CertificateException e) {
            values.error(
                    Settings.CHEF_CA_FILE,
                    "names " + caFile + ", which does not hold certificates in PEM (-----BEGIN CERTIFICATE-----)");
            return Optional.empty();
        }
    }

    private Optional<String> text(Setting<?> setting, Path path) {
        try {
            return Optional.of(Files.readString(path));
        } catch (IOException e) {
            values.error(
                    setting,
                    "names " + path + ", which cannot be read (" + e.getClass().getSimpleName()
                            + "); check that it is there and that the server's user may read it");
            return Optional.empty();
        }
    }
}
