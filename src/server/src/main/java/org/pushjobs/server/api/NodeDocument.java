package org.pushjobs.server.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.codec.HttpDate;
import org.pushjobs.server.gateway.ContactLog;
import org.pushjobs.server.nodes.AgentContact;
import org.pushjobs.server.nodes.NodeDetail;
import org.pushjobs.server.nodes.NodeState;
import org.pushjobs.server.nodes.UnavailableReason;
import org.pushjobs.server.store.ToldConfig;

/** Nodes as JSON (rest-api.md, "Node states"). */
final class NodeDocument {
    private NodeDocument() {}

    /** An item of the list as it has always been. */
    static ObjectNode of(NodeState state) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("node_name", state.node().node())
                .put("availability", availability(state.available()))
                .put("updated_at", HttpDate.format(state.updatedAt()));
    }

    /** One node, with the members that it has always had; one without a session is offline. */
    static ObjectNode of(NodeRef node, Optional<NodeState> state) {
        return state(node, state.isPresent(), state.filter(NodeState::available).isPresent());
    }

    private static ObjectNode state(NodeRef node, boolean online, boolean available) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("node_name", node.node())
                .put("status", online ? "online" : "offline")
                .put("availability", availability(available));
    }

    /** An item of a list of nodes that may be away. */
    static ObjectNode listed(NodeDetail node) {
        ObjectNode document = state(node.node(), node.online(), node.available());
        node.updatedAt().ifPresent(at -> document.put("updated_at", HttpDate.format(at)));
        return document;
    }

    /** A node with all that is known of it. */
    static ObjectNode withDetail(NodeDetail node, Instant now) {
        ObjectNode document = listed(node);
        ObjectNode detail = document.putObject("detail");
        node.unavailable().ifPresent(reason -> putReason(detail, reason, now));
        node.jobId().ifPresent(id -> detail.put("job_id", id));
        node.contact().ifPresent(contact -> putContact(detail, contact));
        node.configFetchedAt().ifPresent(at -> detail.put("config_fetched_at", HttpDate.format(at)));
        node.told().ifPresent(told -> putTold(detail, told));
        node.lastRejection().ifPresent(rejection -> putRejection(detail, rejection));
        return document;
    }

    private static void putReason(ObjectNode detail, UnavailableReason reason, Instant now) {
        detail.put("reason", reason.label()).put("message", reason.message(now));
        reason.since().ifPresent(since -> detail.put("since", HttpDate.format(since)));
        switch (reason) {
            case UnavailableReason.ConfigRefused refused ->
                detail.put("refused_status", refused.status()).put("refused_address", refused.address());
            case UnavailableReason.ClockSkew skew ->
                detail.put("clock_behind_seconds", skew.behind().toSeconds());
            case UnavailableReason.WentSilent silent ->
                detail.put(
                        "silent_seconds",
                        Math.max(
                                0, Duration.between(silent.lastHeartbeat(), now).toSeconds()));
            case UnavailableReason.DuplicateAgents duplicates ->
                duplicates.agents().forEach(detail.putArray("agents")::add);
            case UnavailableReason.NeverFetchedConfig _,
                    UnavailableReason.UnknownName _,
                    UnavailableReason.NeverConnected _,
                    UnavailableReason.ToldOtherAddress _,
                    UnavailableReason.KeyRefused _,
                    UnavailableReason.BadSignature _,
                    UnavailableReason.MessagesRejected _,
                    UnavailableReason.Disconnected _,
                    UnavailableReason.AgentStopped _,
                    UnavailableReason.InRehab _ -> {}
        }
    }

    private static void putContact(ObjectNode detail, AgentContact contact) {
        detail.put("last_seen", HttpDate.format(contact.lastSeen()))
                .put("address", contact.address())
                .put("client", contact.client())
                .put("protocol_version", contact.protocolVersion());
    }

    private static void putTold(ObjectNode detail, ToldConfig told) {
        detail.putObject("told")
                .put("heartbeat_address", told.heartbeatAddress())
                .put("command_address", told.commandAddress())
                .put("heartbeat_interval", told.intervalMillis());
    }

    private static void putRejection(ObjectNode detail, ContactLog.Rejection rejection) {
        detail.putObject("last_rejection")
                .put("at", HttpDate.format(rejection.at()))
                .put("reason", rejection.reason().label())
                .put("message", rejection.detail());
    }

    private static String availability(boolean available) {
        return available ? "available" : "unavailable";
    }
}
