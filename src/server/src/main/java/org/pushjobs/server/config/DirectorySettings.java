package org.pushjobs.server.config;

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
import org.pushjobs.protocol.keys.InvalidKeyTextException;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.server.config.ServerConfig.DirectoryConfig;
import org.pushjobs.server.config.ServerConfig.TlsTrust;

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
