package org.pushjobs.server.roles;

import io.vertx.core.Vertx;
import org.pushjobs.server.cluster.MemberChange;
import org.pushjobs.server.cluster.Members;
import org.pushjobs.server.spread.PresentGateways;
import org.pushjobs.server.spread.SpreadCodecs;

/** Lets a process know which gateways there are, where agents are spread over them; elsewhere nothing. */
public final class GatewayWatch {
    private GatewayWatch() {}

    /** For the life of the process; once. */
    public static void begin(Shared shared) {
        shared.membership().gateways().ifPresent(gateways -> begin(shared, gateways));
    }

    private static void begin(Shared shared, PresentGateways gateways) {
        Vertx vertx = shared.vertx();
        SpreadCodecs.register(vertx);
        SpreadCodecs.consumer(vertx, gateways::heard);
        shared.members().ifPresent(members -> noticeLeaving(vertx, members, shared.membership()));
        shared.metrics()
                .watch(
                        "pushjobs.spread.gateways",
                        "gateways that agents are told of",
                        () -> gateways.taking().size());
    }

    private static void noticeLeaving(Vertx vertx, Members members, Membership membership) {
        members.listen(vertx.getOrCreateContext(), change -> {
            switch (change) {
                case MemberChange.Left(var member) -> member.info().gateway().ifPresent(membership::gatewayLeft);
                case MemberChange.Joined _ -> {
                    // it tells of itself what there is to tell
                }
            }
        });
    }
}
