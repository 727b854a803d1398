package org.pushjobs.apitest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.pushjobs.chefhttp.TlsContexts;
import org.pushjobs.protocol.request.RequestSigner;
import org.pushjobs.protocol.request.SigningVersion;

/** Requests to the server as a user makes them. Bounded in time; blocking. */
final class Api {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String API_VERSION = "1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestSettings settings;
    private final HttpClient client;
    private final RequestSigner signer;

    Api(TestSettings settings) throws IOException, CertificateException {
        this.settings = settings;
        this.signer = signer(settings.key());
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(LIMIT)
                .followRedirects(HttpClient.Redirect.NEVER);
        if (settings.believesEverybody()) {
            builder.sslContext(TlsContexts.believingEverybody());
        } else if (settings.otherCertificates().isPresent()) {
            builder.sslContext(
                    TlsContexts.believing(settings.otherCertificates().get()));
        }
        this.client = builder.build();
    }

    private RequestSigner signer(RSAPrivateKey key) {
        return new RequestSigner(settings.user(), key, SigningVersion.V1_3);
    }

    /** An answer. */
    record Answer(int status, String body) {
        /** @throws CaseFailure when it is none */
        JsonNode json() throws CaseFailure {
            try {
                return JSON.readTree(body);
            } catch (JsonProcessingException e) {
                throw new CaseFailure("the answer is no JSON document: " + shown());
            }
        }

        /** For people: what there is of it, not more. */
        String shown() {
            return status + " " + (body.length() > 500 ? body.substring(0, 500) + "..." : body.strip());
        }

        /** @throws CaseFailure when it has another status */
        Answer require(int wanted) throws CaseFailure {
            if (status != wanted) {
                throw new CaseFailure("status " + wanted + " was to come, and it is " + shown());
            }
            return this;
        }
    }

    /** Without a signature, from the server's root. */
    Answer getUnsigned(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(settings.url().toString().replaceFirst("/+$", "") + path))
                .GET());
    }

    /** @param path below the organisation's {@code pushy} */
    Answer get(String path) throws IOException, InterruptedException {
        return send(signed(signer, "GET", path, new byte[0]).GET());
    }

    /** By a key that the server does not know. */
    Answer getWith(RSAPrivateKey key, String path) throws IOException, InterruptedException {
        return send(signed(signer(key), "GET", path, new byte[0]).GET());
    }

    Answer post(String path, Object body) throws IOException, InterruptedException {
        byte[] bytes =
                body instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : JSON.writeValueAsBytes(body);
        return send(signed(signer, "POST", path, bytes)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(bytes)));
    }

    /** @param accept the media type that is wanted */
    Answer getAs(String accept, String path) throws IOException, InterruptedException {
        return send(signed(signer, "GET", path, new byte[0])
                .setHeader("Accept", accept)
                .GET());
    }

    private HttpRequest.Builder signed(RequestSigner by, String method, String path, byte[] body) {
        URI uri = URI.create(settings.organisationUrl() + "/pushy/" + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Accept", "application/json")
                .header("X-Ops-Server-API-Version", API_VERSION);
        Map<String, String> headers = by.sign(method, uri.getRawPath(), body, Instant.now(), API_VERSION);
        headers.forEach(request::header);
        return request;
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = client.send(request.timeout(LIMIT).build(), BodyHandlers.ofByteArray());
        return new Answer(response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
    }
}
