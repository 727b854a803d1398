package org.pushjobs.server.api;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.feeds.Feeds;
import org.pushjobs.server.jobs.model.Channel;

/** The table of resources in rest-api.md as a router. */
final class ApiRoutes {
    private static final String ORGANISATION = "/organizations/:org/pushy";

    private final ApiServices services;
    private final RequestAuthentication authentication;
    private final RequestBody requestBody;
    private final Feeds feeds;

    ApiRoutes(ApiServices services, HttpLimits limits, Feeds feeds) {
        this.services = services;
        this.authentication = new RequestAuthentication(
                services.directory(),
                new Departures(services.nodeAdmission()),
                services.clock(),
                services.machineClock());
        this.requestBody = new RequestBody(limits);
        this.feeds = feeds;
    }

    /** @param deadlines told when each request begins and ends */
    Router router(Vertx vertx, ConnectionDeadlines deadlines) {
        Handler<RoutingContext> errors = new ErrorAnswer(new RefusalLog(services.clock()));
        Router router = Router.router(vertx);
        router.route().failureHandler(errors).handler(context -> {
            deadlines.requestBegan(context.request());
            context.addEndHandler(_ -> deadlines.requestEnded(context.request()));
            context.next();
        });
        router.route().handler(new RequestTrace(services.metrics(), services.clock()));
        router.route().handler(new RemoteAddress(services.config().api().trustedProxies()));
        router.route("/pushy/_status")
                .handler(RequestTrace.resource("/_status"))
                .handler(new StatusResource(services.identity(), services.nodeStates(), services.jobs()));
        router.route("/openapi.yaml")
                .handler(RequestTrace.resource("/openapi.yaml"))
                .handler(new OpenApiResource());
        addSignedResources(router, vertx);
        router.route().handler(context -> {
            throw new ServerException(404, "there is no resource at this path");
        });
        router.errorHandler(400, errors);
        return router;
    }

    private void addSignedResources(Router router, Vertx vertx) {
        AccessRules rules = new AccessRules(
                services.permissions(), services.config().access().env());
        LastingAccess access = new LastingAccess(vertx, services.directory(), rules);
        ConfigResource config = new ConfigResource(
                services.config().agents(),
                services.welcome(),
                services.directory(),
                services.nodeAdmission(),
                services.clock());
        JobsResource jobs = new JobsResource(
                services.jobs(),
                services.jobReads(),
                new JobRequestParser(services.config().jobs().defaultRunTimeout()),
                new JobLocation(services.config().agents().serverName()),
                services.feeds().limits());
        JobResource job = new JobResource(services.jobReads());
        OutputResource output = new OutputResource(services.jobReads(), feeds, access);
        NodeStatesResource nodeStates = new NodeStatesResource(
                services.nodeStates(), services.administration().map(_ -> services.directory()), services.clock());

        router.route(ORGANISATION + "/config/:node")
                .handler(new RefusedConfigurations(services.directory(), services.nodeAdmission()))
                .handler(new HeldUntilReady(services.ready(), services.settled()))
                .handler(new AdmittedInTurn())
                .handler(new ConfigService(services.nodeAdmission()));
        add(router, "/config/:node", config.operations(rules));
        add(router, "/jobs", jobs.operations(rules));
        add(router, "/jobs/:id", job.operations(rules));
        add(router, "/jobs/:id/abort", new JobAbortResource(services.jobs()).operations(rules));
        for (Channel channel : Channel.values()) {
            add(router, "/jobs/:id/output/:node/" + channel.label(), output.operations(rules, channel));
        }
        add(router, "/node_states", nodeStates.listOperations(rules));
        add(router, "/node_states/:node", nodeStates.nodeOperations(rules));
        add(router, "/connect/:node", nodeStates.nodeOperations(rules));
        new DirectoryResource(services.administration(), rules)
                .operations()
                .forEach((path, operations) -> add(router, path, operations));
        FeedResource feed = new FeedResource(feeds, services.jobReads(), access);
        for (String name : FeedResource.NAMES) {
            add(router, "/" + name, feed.organisationOperations(rules));
            add(router, "/" + name + "/:id", feed.jobOperations(rules));
        }
    }

    private void add(Router router, String path, Map<HttpMethod, Operation> operations) {
        router.route(ORGANISATION + path)
                .handler(RequestTrace.resource(path))
                .handler(new SignedRequestHandler(
                        operations, services.ready(), authentication, requestBody, services.audit(), services.clock()));
    }
}
