package org.pushjobs.server.nodes;

import java.util.List;
import java.util.Set;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.codec.RejectionReason;
import org.pushjobs.server.bus.WireEnum;
import org.pushjobs.server.bus.WireFormat;
import org.pushjobs.server.bus.WireReader;
import org.pushjobs.server.bus.WireWriter;
import org.pushjobs.server.facts.MessageFormats;
import org.pushjobs.server.gateway.ContactLog;

/** How questions about nodes, and what is known of them, go from one process to another. */
final class NodeFormats {
    static final WireFormat<NodeState> STATE = WireFormat.of(
            (out, state) -> {
                out.nested(1, MessageFormats.NODE, state.node());
                out.flag(2, state.available());
                out.instant(3, state.updatedAt());
            },
            in -> new NodeState(in.nested(1, MessageFormats.NODE), in.flag(2), in.instant(3)));

    static final WireFormat<NodeQuery> QUERY = WireFormat.of(NodeFormats::writeQuery, NodeFormats::readQuery);

    static final WireFormat<NodeQuery.OfGateway> QUERY_OF_GATEWAY =
            WireFormat.of(NodeFormats::writeQueryOfGateway, NodeFormats::readQueryOfGateway);

    static final WireEnum<RejectionReason> REJECTIONS = WireEnum.of(List.of(
            RejectionReason.WRONG_FRAME_COUNT,
            RejectionReason.HEADER_TOO_LONG,
            RejectionReason.BODY_TOO_LONG,
            RejectionReason.BAD_HEADER,
            RejectionReason.BAD_JSON,
            RejectionReason.BAD_FIELD,
            RejectionReason.UNKNOWN_TYPE,
            RejectionReason.WRONG_NODE,
            RejectionReason.UNKNOWN_NODE,
            RejectionReason.BAD_SIGNATURE,
            RejectionReason.CLOCK_SKEW));

    private static final WireFormat<NodeFacts.Session> SESSION = WireFormat.of(
            (out, session) -> {
                out.flag(1, session.available());
                out.flag(2, session.disconnected());
                out.text(3, session.jobId());
            },
            in -> new NodeFacts.Session(in.flag(1), in.flag(2), in.optionalText(3)));

    private static final WireFormat<NodeFacts.Rivals> RIVALS = WireFormat.of(
            (out, rivals) -> {
                out.instant(1, rivals.since());
                out.texts(2, rivals.agents());
            },
            in -> new NodeFacts.Rivals(in.instant(1), in.texts(2)));

    private static final WireFormat<AgentContact> CONTACT = WireFormat.of(
            (out, contact) -> {
                out.instant(1, contact.lastSeen());
                out.instant(2, contact.lastHeartbeat());
                out.text(3, contact.address());
                out.text(4, contact.client());
                out.text(5, contact.protocolVersion());
            },
            in -> new AgentContact(in.instant(1), in.instant(2), in.text(3), in.text(4), in.text(5)));

    private static final WireFormat<ContactLog.Fetch> FETCH = WireFormat.of(
            (out, fetch) -> {
                out.instant(1, fetch.at());
                out.text(2, fetch.address());
            },
            in -> new ContactLog.Fetch(in.instant(1), in.text(2)));

    private static final WireFormat<ContactLog.ConfigRefusal> CONFIG_REFUSAL = WireFormat.of(
            (out, refusal) -> {
                out.instant(1, refusal.at());
                out.text(2, refusal.address());
                out.number(3, refusal.status());
                out.text(4, refusal.detail());
            },
            in -> new ContactLog.ConfigRefusal(in.instant(1), in.text(2), in.integer(3), in.text(4)));

    private static final WireFormat<ContactLog.Rejection> REJECTION = WireFormat.of(
            (out, rejection) -> {
                out.instant(1, rejection.at());
                out.constant(2, REJECTIONS, rejection.reason());
                out.text(3, rejection.detail());
                out.duration(4, rejection.behind());
            },
            in -> new ContactLog.Rejection(
                    in.instant(1), in.constant(2, REJECTIONS), in.text(3), in.optionalDuration(4)));

    private static final WireFormat<ContactLog.Refusal> REFUSAL = WireFormat.of(
            (out, refusal) -> {
                out.instant(1, refusal.at());
                out.text(2, refusal.address());
                out.text(3, refusal.detail());
            },
            in -> new ContactLog.Refusal(in.instant(1), in.text(2), in.text(3)));

    static final WireFormat<NodeFacts> FACTS = WireFormat.of(
            (out, facts) -> {
                out.nested(1, MessageFormats.NODE, facts.node());
                out.nested(2, SESSION, facts.session());
                out.nested(3, CONTACT, facts.contact());
                out.instant(4, facts.changedAt());
                out.instant(5, facts.stoppedAt());
                out.nested(6, RIVALS, facts.rivals());
                out.nested(7, FETCH, facts.fetch());
                out.nested(8, CONFIG_REFUSAL, facts.configRefusal());
                out.nested(9, REJECTION, facts.rejection());
                out.nested(10, REFUSAL, facts.refusal());
            },
            in -> new NodeFacts(
                    in.nested(1, MessageFormats.NODE),
                    in.optional(2, SESSION),
                    in.optional(3, CONTACT),
                    in.optionalInstant(4),
                    in.optionalInstant(5),
                    in.optional(6, RIVALS),
                    in.optional(7, FETCH),
                    in.optional(8, CONFIG_REFUSAL),
                    in.optional(9, REJECTION),
                    in.optional(10, REFUSAL)));

    private NodeFormats() {}

    private static void writeQuery(WireWriter out, NodeQuery query) {
        switch (query) {
            case NodeQuery.OfOrganisation(String orgGuid) -> {
                out.number(1, 1);
                out.text(2, orgGuid);
            }
            case NodeQuery.OfNode(NodeRef node) -> {
                out.number(1, 2);
                out.nested(2, MessageFormats.NODE, node);
            }
            case NodeQuery.Count _ -> out.number(1, 3);
            case NodeQuery.GatewaysOf(NodeRef node) -> {
                out.number(1, 4);
                out.nested(2, MessageFormats.NODE, node);
            }
            case NodeQuery.Gateways _ -> out.number(1, 5);
        }
    }

    private static NodeQuery readQuery(WireReader in) {
        int kind = in.integer(1);
        return switch (kind) {
            case 1 -> new NodeQuery.OfOrganisation(in.text(2));
            case 2 -> new NodeQuery.OfNode(in.nested(2, MessageFormats.NODE));
            case 3 -> new NodeQuery.Count();
            case 4 -> new NodeQuery.GatewaysOf(in.nested(2, MessageFormats.NODE));
            case 5 -> new NodeQuery.Gateways();
            default -> throw WireReader.unknown("question about nodes", kind);
        };
    }

    private static void writeQueryOfGateway(WireWriter out, NodeQuery.OfGateway query) {
        switch (query) {
            case NodeQuery.FactsOfNode(NodeRef node) -> {
                out.number(1, 1);
                out.nested(2, MessageFormats.NODE, node);
            }
            case NodeQuery.FactsOfOrganisation(String orgGuid, Set<String> names) -> {
                out.number(1, 2);
                out.text(2, orgGuid);
                out.texts(3, names);
            }
        }
    }

    private static NodeQuery.OfGateway readQueryOfGateway(WireReader in) {
        int kind = in.integer(1);
        return switch (kind) {
            case 1 -> new NodeQuery.FactsOfNode(in.nested(2, MessageFormats.NODE));
            case 2 -> new NodeQuery.FactsOfOrganisation(in.text(2), Set.copyOf(in.texts(3)));
            default -> throw WireReader.unknown("question to a gateway", kind);
        };
    }
}
