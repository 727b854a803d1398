package org.pushjobs.workstation.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.pushjobs.protocol.keys.InvalidKeyTextException;
import org.pushjobs.protocol.keys.PemKeys;

/** Complete settings: who asks, the key that proves it, and whom. */
public record Settings(String user, RSAPrivateKey key, ServerUrl serverUrl) {
    private static final long MAX_KEY_FILE_BYTES = 65_536;

    public Settings {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(serverUrl, "serverUrl");
    }

    /**
     * Reads the key file and checks the rest.
     *
     * @throws InvalidSettingsException names everything that is missing or, when nothing is, the first that is wrong
     */
    public static Settings of(SettingsLayer sources) throws InvalidSettingsException {
        List<String> missing = new ArrayList<>();
        if (sources.user().isEmpty()) {
            missing.add("no user given: use --user or set " + SettingsLayer.USER_VARIABLE);
        }
        if (sources.key().isEmpty()) {
            missing.add("no private key given: use --key or set " + SettingsLayer.KEY_VARIABLE);
        }
        if (sources.serverUrl().isEmpty()) {
            missing.add("no server given: use --server-url https://HOST/organizations/ORG or set "
                    + SettingsLayer.SERVER_URL_VARIABLE);
        }
        if (!missing.isEmpty()) {
            throw new InvalidSettingsException(missing);
        }
        return new Settings(
                user(sources.user().orElseThrow()),
                key(sources.key().orElseThrow()),
                ServerUrl.parse(sources.serverUrl().orElseThrow()));
    }

    private static String user(String name) throws InvalidSettingsException {
        if (name.isBlank() || !name.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new InvalidSettingsException("the user name must be printable ASCII without spaces");
        }
        return name;
    }

    private static RSAPrivateKey key(Path file) throws InvalidSettingsException {
        try {
            if (Files.size(file) > MAX_KEY_FILE_BYTES) {
                throw new InvalidSettingsException("the key file " + file + " is no private key: it is too large");
            }
            return PemKeys.privateKey(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            throw new InvalidSettingsException("the key file " + file + " does not exist");
        } catch (IOException e) {
            throw new InvalidSettingsException("the key file " + file + " cannot be read: " + e.getMessage());
        } catch (InvalidKeyTextException e) {
            throw new InvalidSettingsException("the key file " + file + " is no RSA private key: " + e.getMessage());
        }
    }

    /** Leaves out the key. */
    @Override
    public String toString() {
        return "Settings[user=" + user + ", serverUrl=" + serverUrl + "]";
    }
}
