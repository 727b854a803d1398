package org.pushjobs.server.directory;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.config.DirectoryConfig;
import org.pushjobs.protocol.request.RequestSigner;
import org.pushjobs.protocol.request.SigningVersion;
import org.pushjobs.server.directory.ChefAnswer.Principals;
import org.pushjobs.server.metrics.DirectoryMetrics;
import org.pushjobs.server.metrics.DirectoryMetrics.Address;
import org.pushjobs.server.metrics.DirectoryMetrics.Call;

/**
 * The directory of a server beside a Chef server (request-signing.md, "Where principals, groups and organisations come
 * from"). What the Chef server says of principals and groups counts for a few seconds, that there is nothing of a name for
 * a fifth of that, and an organisation's guid for as long as there is an organisation of the name. All of it is bounded.
 * Who must not rely on that asks by {@link #recent} and {@link #present}.
 *
 * <p>Look-ups fail with a {@link org.pushjobs.server.ServerException} of status 502 while the Chef server cannot be used,
 * and look-ups of principals with an {@link UnknownOrganisationException} when it says that there is no such organisation.
 * Usable from any thread.
 */
public final class ChefServerDirectory extends RememberingDirectory {
    /** Of the Chef server's API; in version 1 a name can have several keys. Older servers answer in version 0. */
    static final String API_VERSION = "1";

    /** All Chef servers know this version, and it is good for names of any length. */
    private static final SigningVersion SIGNING_VERSION = SigningVersion.V1_1;

    private static final int MAX_ORGANISATIONS = 10_000;
    private static final int MAX_KEYS = 20_000;
    private static final int MAX_GROUP_MEMBERS = 500_000;
    private static final int NEGATIVE_SHARE = 5;
    private static final byte[] NO_BODY = {};

    private record Named(String orgName, String name) {}

    private final ChefServerConnection internal;
    private final ChefServerConnection root;
    private final LookUpCache<String, Optional<Organisation>> organisations;
    private final LookUpCache<Named, Principals> principals;
    private final LookUpCache<Named, Optional<Group>> groups;

    public ChefServerDirectory(
            Vertx vertx, DirectoryConfig.ChefServer settings, DirectoryMetrics metrics, Clock clock) {
        this(vertx, settings, metrics, clock, Timing.of(vertx));
    }

    /** @param timing of what is remembered */
    ChefServerDirectory(
            Vertx vertx, DirectoryConfig.ChefServer settings, DirectoryMetrics metrics, Clock clock, Timing timing) {
        super(timing);
        RequestSigner superuser = new RequestSigner(settings.superuserName(), settings.superuserKey(), SIGNING_VERSION);
        URI internalUrl = URI.create("http://" + settings.internalHost() + ":" + settings.internalPort());
        this.internal = new ChefServerConnection(
                vertx, Address.INTERNAL, internalUrl, (_, _) -> Map.of(), settings, metrics, clock);
        this.root = new ChefServerConnection(
                vertx,
                Address.ROOT,
                settings.rootUrl(),
                (path, now) -> superuser.sign("GET", path, NO_BODY, now, API_VERSION),
                settings,
                metrics,
                clock);
        Duration positive = settings.cacheTime();
        Duration negative = positive.dividedBy(NEGATIVE_SHARE);
        this.organisations = new LookUpCache<>(
                MAX_ORGANISATIONS, _ -> 1, found -> found.isPresent() ? LookUpCache.FOR_EVER : negative, timing);
        this.principals = new LookUpCache<>(
                MAX_KEYS,
                found -> 1 + known(found).size(),
                found -> known(found).isEmpty() ? negative : positive,
                timing);
        this.groups = new LookUpCache<>(
                MAX_GROUP_MEMBERS,
                found -> 1 + found.map(Group::size).orElse(0),
                found -> found.isPresent() ? positive : negative,
                timing);
    }

    private static List<Principal> known(Principals found) {
        return switch (found) {
            case Principals.Known(List<Principal> list) -> list;
            case Principals.NoOrganisation() -> List.of();
        };
    }

    @Override
    Future<Optional<Organisation>> organisation(String orgName, Age age) {
        if (!ChefName.isPossible(orgName)) {
            return Future.succeededFuture(Optional.empty());
        }
        return organisations.get(
                orgName, age, () -> root.get(Call.ORGANISATION, path(orgName), answer -> answer.organisation(orgName)));
    }

    @Override
    Future<List<Principal>> principals(String orgName, String name, Age age) {
        if (!ChefName.isPossible(orgName)) {
            return Future.failedFuture(new UnknownOrganisationException(orgName));
        }
        if (!ChefName.isPossible(name)) {
            return Future.succeededFuture(List.of());
        }
        String path = path(orgName) + "/principals/" + ChefName.encode(name);
        return principals
                .get(
                        new Named(orgName, name),
                        age,
                        () -> internal.get(Call.PRINCIPALS, path, answer -> answer.principals(name)))
                .compose(found -> switch (found) {
                    case Principals.Known(List<Principal> list) -> Future.succeededFuture(list);
                    case Principals.NoOrganisation() -> {
                        // it is gone; should there be one of this name again it will have another guid
                        organisations.forget(orgName);
                        yield Future.failedFuture(new UnknownOrganisationException(orgName));
                    }
                });
    }

    @Override
    Future<Optional<Group>> group(String orgName, String groupName, Age age) {
        if (!ChefName.isPossible(orgName) || !ChefName.isPossible(groupName)) {
            return Future.succeededFuture(Optional.empty());
        }
        String path = path(orgName) + "/groups/" + ChefName.encode(groupName);
        return groups.get(new Named(orgName, groupName), age, () -> root.get(Call.GROUP, path, ChefAnswer::group));
    }

    private static String path(String orgName) {
        return "/organizations/" + ChefName.encode(orgName);
    }
}
