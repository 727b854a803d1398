package org.pushjobs.server.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final Clock machineClock;

    /** @param machineClock what this machine shows, which may be right where the other is not */
    RequestAuthentication(Directory directory, Departures departures, Clock clock, Clock machineClock) {
        this.directory = directory;
        this.departures = departures;
        this.clock = clock;
        this.machineClock = machineClock;
    }

    /**
     * Checks 1 to 3.
     *
     * @throws ServerException of status 400 or 401
     */
    SignedRequest checkHeaders(HttpServerRequest request) {
        try {
            return parse(request);
        } catch (RequestAuthenticationException e) {
            int status = switch (e.failure()) {
                case MISSING_HEADERS, UNSUPPORTED_VERSION -> 400;
                case BAD_TIMESTAMP, CLOCK_SKEW -> 401;
            };
            throw new ServerException(status, e.getMessage());
        }
    }

    /**
     * Clients go by their own clocks. While this machine's clock has jumped and nobody has said yet which time is right, a
     * request of either time is taken: to refuse those of one would lock people out, be it after a step that was wrong or
     * after one that was overdue.
     */
    private SignedRequest parse(HttpServerRequest request) throws RequestAuthenticationException {
        try {
            return SignedRequest.parse(name -> header(request, name), clock.instant());
        } catch (RequestAuthenticationException e) {
            if (e.failure() != RequestAuthenticationException.Failure.CLOCK_SKEW) {
                throw e;
            }
            return SignedRequest.parse(name -> header(request, name), machineClock.instant());
        }
    }

    /** Header values arrive as one character for each byte, but names are UTF-8. */
    private static Optional<String> header(HttpServerRequest request, String name) {
        return Optional.ofNullable(request.getHeader(name))
                .map(value -> new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }

    /**
     * Checks 6 to 10. What is remembered of the directory lets somebody in, but keeps nobody out: before a refusal it is
     * asked again.
     *
     * @param orgName as in the path, decoded
     * @param body the exact bytes received
     * @param identity whether what is remembered may let somebody in
     */
    Future<Requestor> authenticate(
            SignedRequest signed, HttpServerRequest request, String orgName, Buffer body, Operation.Identity identity) {
        Directory recent = directory.recent();
        Directory present = directory.present();
        Proof proof = new Proof(signed, request, orgName, body.getBytes());
        return proof.by(directory)
                .compose(requestor -> switch (identity) {
                    case REMEMBERED -> Future.succeededFuture(requestor);
                    case RECENT -> proof.by(recent);
                })
                .recover(failure -> isRefusal(failure) ? proof.by(present) : Future.failedFuture(failure));
    }

    private static boolean isRefusal(Throwable failure) {
        return failure instanceof ServerException refusal && refusal.status() < 500;
    }

    /** What is to be proven of one request, by what a directory says. */
    private final class Proof {
        private final SignedRequest signed;
        private final HttpServerRequest request;
        private final String orgName;
        private final byte[] body;
        /** A key that was tried need not be tried again. By PEM; empty where it does not verify. */
        private final Map<String, Optional<RSAPublicKey>> tried = new HashMap<>();

        private Proof(SignedRequest signed, HttpServerRequest request, String orgName, byte[] body) {
            this.signed = signed;
            this.request = request;
            this.orgName = orgName;
            this.body = body;
        }

        private Future<Requestor> by(Directory directory) {
            Future<Optional<Organisation>> found = Names.isStorable(orgName)
                    ? directory.organisation(orgName)
                    : Future.succeededFuture(Optional.empty());
            return found.map(organisation -> organisation.orElseThrow(() -> new UnknownOrganisationException(orgName)))
                    .compose(organisation -> directory
                            .principals(organisation.name(), signed.userId())
                            .onSuccess(principals -> departures.check(organisation, signed.userId(), principals))
                            .map(principals -> identify(organisation, principals)));
        }

        private Requestor identify(Organisation organisation, List<Principal> principals) {
            String user = signed.userId();
            if (principals.isEmpty()) {
                throw new UnprovenRequestorException("Failed to authenticate as '" + user
                        + "'. Ensure that your node_name and client key are correct.");
            }
            if (principals.stream().noneMatch(Principal::orgMember)) {
                throw notAMember(user, organisation);
            }
            for (Principal principal : principals) {
                Optional<RSAPublicKey> key = tried.computeIfAbsent(principal.publicKeyPem(), _ -> verified(principal));
                if (key.isPresent()) {
                    if (!principal.orgMember()) {
                        throw notAMember(user, organisation);
                    }
                    return new Requestor(organisation, principal, key.get());
                }
            }
            throw new UnprovenRequestorException("Invalid signature for user or client '" + user + "'");
        }

        private Optional<RSAPublicKey> verified(Principal principal) {
            return key(principal)
                    .filter(candidate -> signed.verify(request.method().name(), request.path(), body, candidate));
        }
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
