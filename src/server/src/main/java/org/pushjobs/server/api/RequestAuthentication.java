package org.pushjobs.server.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.pushjobs.protocol.keys.InvalidKeyTextException;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.request.RequestAuthenticationException;
import org.pushjobs.protocol.request.SignedRequest;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.directory.Directory;
import org.pushjobs.server.directory.Organisation;
import org.pushjobs.server.directory.Principal;
import org.pushjobs.server.directory.UnknownOrganisationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out who signed a request: checks 1 to 3 and 6 to 10 of request-signing.md, in that order and with the answers
 * stated there. One name can belong to a user and a client, each with several keys: the key that verifies decides who it
 * was.
 */
final class RequestAuthentication {
    private static final Logger LOG = LoggerFactory.getLogger(RequestAuthentication.class);

    private final Directory directory;
    private final Departures departures;
    private final Clock clock;

    RequestAuthentication(Directory directory, Departures departures, Clock clock) {
        this.directory = directory;
        this.departures = departures;
        this.clock = clock;
    }

    /**
     * Checks 1 to 3.
     *
     * @throws ServerException of status 400 or 401
     */
    SignedRequest checkHeaders(HttpServerRequest request) {
        try {
            return SignedRequest.parse(name -> header(request, name), clock.instant());
        } catch (RequestAuthenticationException e) {
            int status = switch (e.failure()) {
                case MISSING_HEADERS, UNSUPPORTED_VERSION -> 400;
                case BAD_TIMESTAMP, CLOCK_SKEW -> 401;
            };
            throw new ServerException(status, e.getMessage());
        }
    }

    /** Header values arrive as one character for each byte, but names are UTF-8. */
    private static Optional<String> header(HttpServerRequest request, String name) {
        return Optional.ofNullable(request.getHeader(name))
                .map(value -> new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }

    /**
     * Checks 6 to 10.
     *
     * @param orgName as in the path, decoded
     * @param body the exact bytes received
     */
    Future<Requestor> authenticate(SignedRequest signed, HttpServerRequest request, String orgName, Buffer body) {
        return organisation(orgName)
                .compose(organisation -> directory
                        .principals(organisation.name(), signed.userId())
                        .onSuccess(principals -> departures.check(organisation, signed.userId(), principals))
                        .map(principals -> identify(signed, request, organisation, principals, body)));
    }

    private Future<Organisation> organisation(String orgName) {
        Future<Optional<Organisation>> found =
                Names.isStorable(orgName) ? directory.organisation(orgName) : Future.succeededFuture(Optional.empty());
        return found.map(organisation -> organisation.orElseThrow(() -> new UnknownOrganisationException(orgName)));
    }

    private static Requestor identify(
            SignedRequest signed,
            HttpServerRequest request,
            Organisation organisation,
            List<Principal> principals,
            Buffer body) {
        String user = signed.userId();
        if (principals.isEmpty()) {
            throw new UnprovenRequestorException(
                    "Failed to authenticate as '" + user + "'. Ensure that your node_name and client key are correct.");
        }
        if (principals.stream().noneMatch(Principal::orgMember)) {
            throw notAMember(user, organisation);
        }
        byte[] bytes = body.getBytes();
        for (Principal principal : principals) {
            Optional<RSAPublicKey> key = key(principal)
                    .filter(candidate -> signed.verify(request.method().name(), request.path(), bytes, candidate));
            if (key.isPresent()) {
                if (!principal.orgMember()) {
                    throw notAMember(user, organisation);
                }
                return new Requestor(organisation, principal, key.get());
            }
        }
        throw new UnprovenRequestorException("Invalid signature for user or client '" + user + "'");
    }

    private static ServerException notAMember(String user, Organisation organisation) {
        return new ServerException(
                403, "'" + user + "' is not associated with organization '" + organisation.name() + "'");
    }

    private static Optional<RSAPublicKey> key(Principal principal) {
        try {
            return Optional.of(PemKeys.publicKey(principal.publicKeyPem()));
        } catch (InvalidKeyTextException e) {
            LOG.warn(
                    "public key in the directory cannot be used [name: {}, type: {}, reason: {}]",
                    principal.name(),
                    principal.type(),
                    e.getMessage());
            return Optional.empty();
        }
    }
}
