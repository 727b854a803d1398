package org.pushjobs.workstation.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.chefhttp.TlsSettings;
import org.pushjobs.chefhttp.TlsSettings.Verification;
import org.pushjobs.chefhttp.TrustedCertificates;
import org.pushjobs.protocol.keys.InvalidKeyTextException;
import org.pushjobs.protocol.keys.PemKeys;

/**
 * Complete settings.
 *
 * @param user who asks
 * @param key proves it
 * @param identityOrigin where both come from, for people
 * @param serverUrl whom
 */
public record Settings(
        String user,
        RSAPrivateKey key,
        String identityOrigin,
        ServerUrl serverUrl,
        TlsSettings tls,
        Optional<GivenProxy> proxy) {
    private static final long MAX_KEY_FILE_BYTES = 65_536;
    private static final String PEM_BEGIN = "-----BEGIN ";

    public Settings {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(identityOrigin, "identityOrigin");
        Objects.requireNonNull(serverUrl, "serverUrl");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(proxy, "proxy");
    }

    /**
     * Reads the key file and checks the rest.
     *
     * @param home the user's home directory
     * @param environment names certificates, by OpenSSL's variables
     * @throws InvalidSettingsException names everything that is missing or, when nothing is, the first that is wrong and where
     *     it comes from
     */
    static Settings of(SettingsLayer sources, Path home, Map<String, String> environment)
            throws InvalidSettingsException {
        requireAll(sources);
        Given user = sources.get(Setting.USER).orElseThrow();
        Given key = sources.get(Setting.KEY).orElseThrow();
        Given url = sources.get(Setting.SERVER_URL).orElseThrow();
        ServerUrl serverUrl = serverUrl(url);
        return new Settings(
                user(user),
                key(key, home),
                "user " + user.value() + " from " + user.origin() + ", key from " + key.origin(),
                serverUrl,
                tls(sources, home, environment),
                GivenProxy.of(sources, serverUrl));
    }

    private static void requireAll(SettingsLayer sources) throws InvalidSettingsException {
        List<String> missing = new ArrayList<>();
        if (sources.get(Setting.USER).isEmpty()) {
            missing.add("no user given: use --user, set " + SettingsLayer.USER_VARIABLE
                    + ", or put client_name into ~/.chef/credentials");
        }
        if (sources.get(Setting.KEY).isEmpty()) {
            missing.add("no private key given: use --key, set " + SettingsLayer.KEY_VARIABLE
                    + ", or put client_key into ~/.chef/credentials");
        }
        if (sources.get(Setting.SERVER_URL).isEmpty()) {
            missing.add("no server given: use --server-url https://HOST/organizations/ORG, set "
                    + SettingsLayer.SERVER_URL_VARIABLE + ", or put chef_server_url into ~/.chef/credentials");
        }
        if (!missing.isEmpty()) {
            throw new InvalidSettingsException(missing);
        }
    }

    private static String user(Given name) throws InvalidSettingsException {
        if (name.value().isBlank() || !name.value().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new InvalidSettingsException(
                    "the user name must be printable ASCII without spaces (it is from " + name.origin() + ")");
        }
        return name.value();
    }

    static ServerUrl serverUrl(Given given) throws InvalidSettingsException {
        try {
            return ServerUrl.parse(given.value());
        } catch (IllegalArgumentException _) {
            throw new InvalidSettingsException("the server URL '" + given.value() + "' (from " + given.origin()
                    + ") must look like https://HOST[:PORT]/organizations/ORG");
        }
    }

    /** Whether it is the key itself, not the name of its file. */
    static boolean isKeyText(Given key) {
        return key.value().contains(PEM_BEGIN);
    }

    private static RSAPrivateKey key(Given given, Path home) throws InvalidSettingsException {
        if (isKeyText(given)) {
            try {
                return PemKeys.privateKey(given.value());
            } catch (InvalidKeyTextException e) {
                throw new InvalidSettingsException(
                        "the key in " + given.origin() + " is no RSA private key: " + e.getMessage());
            }
        }
        Path file = given.path(home);
        String name = "the key file " + file + " (from " + given.origin() + ") ";
        try {
            if (Files.size(file) > MAX_KEY_FILE_BYTES) {
                throw new InvalidSettingsException(name + "is no private key: it is too large");
            }
            return PemKeys.privateKey(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            throw new InvalidSettingsException(name + "does not exist");
        } catch (IOException e) {
            throw new InvalidSettingsException(name + "cannot be read: " + e.getMessage());
        } catch (InvalidKeyTextException e) {
            throw new InvalidSettingsException(name + "is no RSA private key: " + e.getMessage());
        }
    }

    /** The directory that knife uses by default need not exist; what is named in a file must. */
    private static TlsSettings tls(SettingsLayer sources, Path home, Map<String, String> environment)
            throws InvalidSettingsException {
        List<Path> authorities = new ArrayList<>(TrustedCertificates.placesOf(environment));
        for (Setting setting : List.of(Setting.SSL_CA_FILE, Setting.SSL_CA_PATH)) {
            Optional<Given> given = sources.get(setting);
            if (given.isPresent()) {
                authorities.add(existing(setting, given.get(), home));
            }
        }
        Optional<Given> directory = sources.get(Setting.TRUSTED_CERTS_DIR);
        Path trusted = directory.isPresent()
                ? existing(Setting.TRUSTED_CERTS_DIR, directory.get(), home)
                : home.resolve(".chef/trusted_certs");
        return new TlsSettings(verification(sources), trusted, authorities);
    }

    private static Path existing(Setting setting, Given given, Path home) throws InvalidSettingsException {
        Path place = given.path(home);
        boolean fits = setting == Setting.SSL_CA_FILE ? Files.isRegularFile(place) : Files.isDirectory(place);
        if (!fits) {
            throw new InvalidSettingsException(setting.chefName() + " " + place + " (from " + given.origin()
                    + ") is no " + (setting == Setting.SSL_CA_FILE ? "file" : "directory"));
        }
        return place;
    }

    private static Verification verification(SettingsLayer sources) throws InvalidSettingsException {
        boolean always = sources.get(Setting.VERIFY_API_CERT)
                .filter(given -> given.value().strip().equalsIgnoreCase("true"))
                .isPresent();
        Optional<Given> mode = sources.get(Setting.SSL_VERIFY_MODE);
        return mode.isEmpty() || always ? Verification.PEER : verification(mode.get());
    }

    private static Verification verification(Given mode) throws InvalidSettingsException {
        return Verification.of(mode.value())
                .orElseThrow(
                        () -> new InvalidSettingsException("ssl_verify_mode must be verify_peer or verify_none, not '"
                                + mode.value() + "' (from " + mode.origin() + ")"));
    }

    /** Leaves out the key. */
    @Override
    public String toString() {
        return "Settings[user=" + user + ", serverUrl=" + serverUrl + "]";
    }
}
