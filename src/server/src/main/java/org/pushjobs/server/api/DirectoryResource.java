package org.pushjobs.server.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.directory.DirectoryAdministration;
import org.pushjobs.server.directory.DirectoryPlan;
import org.pushjobs.server.directory.KeyFingerprint;
import org.pushjobs.server.directory.Names;
import org.pushjobs.server.store.DirectoryChange;
import org.pushjobs.server.store.DirectoryChange.InGroup;
import org.pushjobs.server.store.DirectoryChange.Rank;
import org.pushjobs.server.store.DirectoryChange.State;
import org.pushjobs.server.store.DirectoryChanges.Consent;
import org.pushjobs.server.store.DirectoryKey;
import org.pushjobs.server.store.DirectoryStore.GroupRow;
import org.pushjobs.server.store.DirectoryStore.KeyEntry;
import org.pushjobs.server.store.DirectoryStore.MemberType;
import org.pushjobs.server.store.DirectoryStore.Principals;
import org.pushjobs.server.store.KeyHolder;
import org.pushjobs.server.store.LockOutException;

/**
 * {@code directory/…}: what an organisation's admins see and change of a directory of the server's own. It is one resource with
 * many paths; each change is one line here, and is made by {@link DirectoryAdministration}.
 */
final class DirectoryResource {
    private static final String USERS = "users";
    private static final String CLIENTS = "clients";
    private static final String GROUPS = "groups";
    private static final String MEMBERS = "members";
    private static final int OK = 200;
    private static final int CREATED = 201;

    private final Optional<DirectoryAdministration> directory;
    private final AccessRules rules;

    /** @param directory empty when the directory is somebody else's */
    DirectoryResource(Optional<DirectoryAdministration> directory, AccessRules rules) {
        this.directory = directory;
        this.rules = rules;
    }

    /** @param publicKey of the new user or client */
    private record NewHolder(
            String name,
            boolean admin,
            @JsonProperty("public_key") String publicKey) {}

    /** @param expiresAt ISO 8601 */
    private record NewKey(
            String name,

            @JsonProperty("public_key") String publicKey,

            @JsonProperty("expires_at") String expiresAt) {
        DirectoryKey key() {
            return new DirectoryKey(
                    Names.checkOther(DirectoryBody.required("name", name)),
                    DirectoryAdministration.publicKey(DirectoryBody.required("public_key", publicKey)),
                    DirectoryBody.time("expires_at", expiresAt));
        }
    }

    /** @param oldUntil ISO 8601 */
    private record Rotation(
            String name,

            @JsonProperty("public_key") String publicKey,

            @JsonProperty("old_until") String oldUntil) {
        DirectoryChange of(KeyHolder who) {
            return new DirectoryChange.RotateKey(
                    who, new NewKey(name, publicKey, null).key(), DirectoryBody.time("old_until", oldUntil));
        }
    }

    /** @param at ISO 8601 */
    private record Expiry(String at) {}

    /** By their paths below the organisation's. */
    Map<String, Map<HttpMethod, Operation>> operations() {
        Map<String, Map<HttpMethod, Operation>> operations = new LinkedHashMap<>();
        operations.put("/directory", Map.of(HttpMethod.GET, reading(this::overview)));
        operations.put("/directory/apply", Map.of(HttpMethod.POST, apply()));
        operations.put(
                "/directory/groups/:group/:kind/:name",
                Map.of(
                        HttpMethod.PUT,
                        change("group_add", context -> new DirectoryChange.AddToGroup(inGroup(context))),
                        HttpMethod.DELETE,
                        change("group_remove", context -> new DirectoryChange.RemoveFromGroup(inGroup(context)))));
        operations.put("/directory/:kind", Map.of(HttpMethod.POST, creation("create", DirectoryResource::created)));
        operations.put(
                "/directory/:kind/:name", Map.of(HttpMethod.DELETE, change("delete", DirectoryResource::deleted)));
        operations.put(
                "/directory/:kind/:name/disabled",
                Map.of(
                        HttpMethod.PUT,
                        change("disable", context -> new DirectoryChange.Switch(holder(context), State.DISABLED)),
                        HttpMethod.DELETE,
                        change("enable", context -> new DirectoryChange.Switch(holder(context), State.ENABLED))));
        operations.put(
                "/directory/:kind/:name/keys",
                Map.of(
                        HttpMethod.GET,
                        reading(this::keys),
                        HttpMethod.POST,
                        creation(
                                "key_add",
                                (context, body) -> List.of(new DirectoryChange.AddKey(
                                        holder(context),
                                        DirectoryBody.read(body, NewKey.class).key())))));
        operations.put(
                "/directory/:kind/:name/keys/:key",
                Map.of(
                        HttpMethod.DELETE,
                        change(
                                "key_remove",
                                context -> new DirectoryChange.RemoveKey(holder(context), pathName(context, "key")))));
        operations.put(
                "/directory/:kind/:name/keys/:key/expiry",
                Map.of(HttpMethod.PUT, changing("key_expire", OK, DirectoryResource::expiry)));
        operations.put(
                "/directory/:kind/:name/rotation",
                Map.of(
                        HttpMethod.POST,
                        creation(
                                "key_rotate",
                                (context, body) -> List.of(
                                        DirectoryBody.read(body, Rotation.class).of(holder(context))))));
        return operations;
    }

    private DirectoryAdministration administration() {
        return directory.orElseThrow(() -> new ServerException(
                409, "this server has no directory of its own: users, clients and groups are the Chef server's"));
    }

    private Operation reading(BiFunction<RoutingContext, Requestor, Future<Void>> answer) {
        return Operation.reading(JsonAnswer.MEDIA_TYPE, rules::administer, answer);
    }

    private Operation change(String action, Function<RoutingContext, DirectoryChange> change) {
        return new Operation(
                        JsonAnswer.MEDIA_TYPE,
                        Optional.empty(),
                        rules::administer,
                        (context, _) -> prepared(context, OK, List.of(change.apply(context))))
                .acting("directory_" + action);
    }

    private Operation creation(String action, BiFunction<RoutingContext, Buffer, List<DirectoryChange>> changes) {
        return changing(action, CREATED, changes);
    }

    private Operation changing(
            String action, int status, BiFunction<RoutingContext, Buffer, List<DirectoryChange>> changes) {
        return new Operation(
                        JsonAnswer.MEDIA_TYPE,
                        Optional.of(JsonAnswer.MEDIA_TYPE),
                        rules::administer,
                        (context, body) -> prepared(context, status, changes.apply(context, body)))
                .acting("directory_" + action);
    }

    private Operation apply() {
        return new Operation(
                        JsonAnswer.MEDIA_TYPE,
                        Optional.of(JsonAnswer.MEDIA_TYPE),
                        rules::administer,
                        (context, body) -> {
                            DirectoryPlan.Content plan = DirectoryBody.read(body, DirectoryPlan.Content.class);
                            if (!plan.bringsAllKeys()) {
                                throw new ServerException(400, "key_out is for the command line; send public_key here");
                            }
                            String orgName = context.pathParam("org");
                            AuditedRequest.changes(context, "directory_apply", plan.words(orgName));
                            return _ -> administration()
                                    .apply(
                                            orgName,
                                            plan,
                                            consent(context),
                                            made -> made.forEach(change ->
                                                    AuditedRequest.alsoMade(context, change.action(), change.words())))
                                    .recover(DirectoryResource::withHint)
                                    .compose(done -> answer(context, OK, done));
                        })
                .acting("directory_apply");
    }

    private Operation.Action prepared(RoutingContext context, int status, List<DirectoryChange> changes) {
        DirectoryChange change = changes.getFirst();
        AuditedRequest.changes(context, change.action(), change.words());
        return _ -> make(context, status, changes);
    }

    private Future<Void> make(RoutingContext context, int status, List<DirectoryChange> changes) {
        return administration()
                .make(context.pathParam("org"), changes, consent(context))
                .recover(DirectoryResource::withHint)
                .compose(_ -> answer(context, status, changes.getFirst().result()));
    }

    private static <T> Future<T> withHint(Throwable failure) {
        return Future.failedFuture(
                failure instanceof LockOutException lockOut
                        ? new ServerException(
                                lockOut.status(),
                                lockOut.getMessage() + " If it is meant so, send the request with confirm=true; nothing"
                                        + " was changed.")
                        : failure);
    }

    private static Consent consent(RoutingContext context) {
        return OutputQuery.flag(new QueryParameters(context.queryParams()), "confirm")
                        .orElse(false)
                ? Consent.GIVEN
                : Consent.NOT_GIVEN;
    }

    private static Future<Void> answer(RoutingContext context, int status, String result) {
        AuditedRequest.made(context);
        return JsonAnswer.send(
                context, status, JsonNodeFactory.instance.objectNode().put("result", result));
    }

    private static String pathName(RoutingContext context, String parameter) {
        return Names.checkOther(context.pathParam(parameter));
    }

    private static KeyHolder holder(RoutingContext context) {
        String name = pathName(context, "name");
        return switch (context.pathParam("kind")) {
            case USERS -> new KeyHolder.User(name);
            case CLIENTS -> new KeyHolder.Client(context.pathParam("org"), name);
            default -> throw noSuchKind();
        };
    }

    private static ServerException noSuchKind() {
        return new ServerException(404, "there is no resource at this path");
    }

    private static InGroup inGroup(RoutingContext context) {
        MemberType type = switch (context.pathParam("kind")) {
            case USERS -> MemberType.USER;
            case CLIENTS -> MemberType.CLIENT;
            case GROUPS -> MemberType.GROUP;
            default -> throw noSuchKind();
        };
        return new InGroup(context.pathParam("org"), pathName(context, "group"), type, pathName(context, "name"));
    }

    private static List<DirectoryChange> created(RoutingContext context, Buffer body) {
        String orgName = context.pathParam("org");
        String kind = context.pathParam("kind");
        if (!Set.of(USERS, CLIENTS).contains(kind)) {
            throw noSuchKind();
        }
        NewHolder created = DirectoryBody.read(body, NewHolder.class);
        String name = Names.checkOther(DirectoryBody.required("name", created.name()));
        DirectoryKey key = DirectoryKey.first(
                DirectoryAdministration.publicKey(DirectoryBody.required("public_key", created.publicKey())));
        return kind.equals(USERS)
                ? List.of(
                        new DirectoryChange.CreateUser(name, key),
                        new DirectoryChange.AddMember(orgName, name, created.admin() ? Rank.ADMIN : Rank.MEMBER))
                : List.of(new DirectoryChange.CreateClient(orgName, name, key));
    }

    private static DirectoryChange deleted(RoutingContext context) {
        String orgName = context.pathParam("org");
        return switch (context.pathParam("kind")) {
            case MEMBERS -> new DirectoryChange.RemoveMember(orgName, pathName(context, "name"));
            case GROUPS -> new DirectoryChange.DeleteGroup(orgName, pathName(context, "name"));
            default -> new DirectoryChange.Delete(holder(context));
        };
    }

    private static List<DirectoryChange> expiry(RoutingContext context, Buffer body) {
        String at = DirectoryBody.required(
                "at", DirectoryBody.read(body, Expiry.class).at());
        return List.of(new DirectoryChange.ExpireKey(
                holder(context),
                pathName(context, "key"),
                DirectoryBody.time("at", at).orElseThrow()));
    }

    private Future<Void> overview(RoutingContext context, Requestor requestor) {
        return administration().overview(requestor.organisation().name()).compose(found -> {
            ObjectNode document = JsonNodeFactory.instance.objectNode();
            put(document.putArray(USERS), found.organisation().users());
            put(document.putArray(CLIENTS), found.organisation().clients());
            ArrayNode groups = document.putArray(GROUPS);
            found.groups().forEach(group -> put(groups.addObject(), group));
            return JsonAnswer.send(context, OK, document);
        });
    }

    private static void put(ArrayNode list, Principals principals) {
        principals
                .names()
                .forEach(name -> list.addObject()
                        .put("name", name)
                        .put("disabled", principals.disabled().contains(name)));
    }

    private static void put(ObjectNode document, GroupRow group) {
        document.put("name", group.name());
        group.users().stream().sorted().forEach(document.putArray(USERS)::add);
        group.clients().stream().sorted().forEach(document.putArray(CLIENTS)::add);
        group.groups().stream().sorted().forEach(document.putArray(GROUPS)::add);
    }

    private Future<Void> keys(RoutingContext context, Requestor requestor) {
        return administration()
                .keys(requestor.organisation().name(), holder(context))
                .compose(keys -> {
                    ArrayNode list = JsonNodeFactory.instance.arrayNode();
                    keys.forEach(key -> put(list.addObject(), key));
                    return JsonAnswer.send(context, OK, list);
                });
    }

    private static void put(ObjectNode document, KeyEntry key) {
        document.put("name", key.name())
                .put("fingerprint", KeyFingerprint.of(key.publicKeyPem()))
                .put("added_at", key.addedAt().toString());
        key.expiresAt().map(Instant::toString).ifPresent(at -> document.put("expires_at", at));
    }
}
