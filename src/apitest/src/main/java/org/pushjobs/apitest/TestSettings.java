package org.pushjobs.apitest;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateKey;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.keys.InvalidKeyTextException;
import org.pushjobs.protocol.keys.PemKeys;

/**
 * What is tested, and as whom. It is read from a JSON file that only its owner may read.
 *
 * @param url of the server, without organisation
 * @param organisation that user and client belong to
 * @param user who may start jobs there
 * @param userKey file of the user's private key
 * @param client the agent's, of whom nobody else makes use
 * @param clientKey file of the client's private key
 * @param certificates PEM of whom to believe besides the Java runtime's; null for nobody else
 * @param believesEverybody whether certificates are not looked at
 * @param directory of the agent's files; only its owner may write there
 */
record TestSettings(
        @JsonProperty(required = true) URI url,
        @JsonProperty(required = true) String organisation,
        @JsonProperty(required = true) String user,
        @JsonProperty(value = "user_key", required = true) Path userKey,
        @JsonProperty(required = true) String client,
        @JsonProperty(value = "client_key", required = true) Path clientKey,
        String certificates,
        @JsonProperty("believes_everybody") boolean believesEverybody,
        @JsonProperty(required = true) Path directory) {
    private static final ObjectMapper JSON = new ObjectMapper();

    TestSettings {
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(organisation, "organisation");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(userKey, "userKey");
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(clientKey, "clientKey");
        Objects.requireNonNull(directory, "directory");
    }

    /** @throws IOException when the file cannot be read or lacks something; says what */
    static TestSettings read(Path file) throws IOException {
        return JSON.readValue(Files.readAllBytes(file), TestSettings.class);
    }

    Optional<String> otherCertificates() {
        return Optional.ofNullable(certificates);
    }

    /** {@code URL/organizations/ORG}. */
    String organisationUrl() {
        return url.toString().replaceFirst("/+$", "") + "/organizations/" + organisation;
    }

    /** @throws IOException when it cannot be read or is no key */
    RSAPrivateKey key() throws IOException {
        try {
            return PemKeys.privateKey(Files.readString(userKey));
        } catch (InvalidKeyTextException e) {
            throw new IOException(userKey + ": " + e.getMessage(), e);
        }
    }
}
