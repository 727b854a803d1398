package org.pushjobs.apitest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.pushjobs.chefhttp.HostLookup;
import org.pushjobs.chefhttp.NoAnswerException;
import org.pushjobs.chefhttp.Route;
import org.pushjobs.chefhttp.ServerHost;
import org.pushjobs.chefhttp.ServerHttp;
import org.pushjobs.chefhttp.TimeLimits;
import org.pushjobs.chefhttp.TlsContexts;
import org.pushjobs.protocol.request.RequestSigner;
import org.pushjobs.protocol.request.SigningVersion;

/** Requests to the server as a user makes them. Bounded in time; blocking. */
final class Api {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String JSON_TYPE = "application/json";
    private static final byte[] NO_BODY = {};
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestSettings settings;
    private final ServerHttp http;
    private final RequestSigner signer;

    Api(TestSettings settings) throws IOException, CertificateException {
        this.settings = settings;
        this.signer = signer(settings.key());
        this.http = new ServerHttp(
                new Route(ServerHost.of(settings.url()).orElseThrow(), Optional.empty(), trust(settings)),
                new TimeLimits(LIMIT, LIMIT),
                HostLookup.OF_THIS_MACHINE,
                InstantSource.system());
    }

    private static SSLContext trust(TestSettings settings) throws CertificateException {
        if (settings.believesEverybody()) {
            return TlsContexts.believingEverybody();
        }
        if (settings.otherCertificates().isPresent()) {
            return TlsContexts.believing(settings.otherCertificates().get());
        }
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new CertificateException("what this Java runtime trusts cannot be used", e);
        }
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
        URI uri = URI.create(settings.url().toString().replaceFirst("/+$", "") + path);
        return send(http.unsigned(uri));
    }

    /** @param path below the organisation's {@code pushy} */
    Answer get(String path) throws IOException, InterruptedException {
        return getAs(JSON_TYPE, path);
    }

    /** By a key that the server does not know. */
    Answer getWith(RSAPrivateKey key, String path) throws IOException, InterruptedException {
        return send(signed(signer(key), "GET", path, NO_BODY).header("Accept", JSON_TYPE));
    }

    Answer post(String path, Object body) throws IOException, InterruptedException {
        byte[] bytes =
                body instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : JSON.writeValueAsBytes(body);
        return send(
                signed(signer, "POST", path, bytes).header("Accept", JSON_TYPE).header("Content-Type", JSON_TYPE));
    }

    /** @param accept the media type that is wanted */
    Answer getAs(String accept, String path) throws IOException, InterruptedException {
        return send(signed(signer, "GET", path, NO_BODY).header("Accept", accept));
    }

    private HttpRequest.Builder signed(RequestSigner by, String method, String path, byte[] body)
            throws NoAnswerException, InterruptedException {
        return http.signed(by, method, URI.create(settings.organisationUrl() + "/pushy/" + path), body);
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
        return new Answer(response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
    }
}
