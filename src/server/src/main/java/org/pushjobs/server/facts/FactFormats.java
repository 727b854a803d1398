package org.pushjobs.server.facts;

import java.util.List;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.server.bus.WireEnum;
import org.pushjobs.server.bus.WireException;
import org.pushjobs.server.bus.WireFormat;
import org.pushjobs.server.bus.WireReader;
import org.pushjobs.server.bus.WireWriter;

/** How facts go from one process to another. */
final class FactFormats {
    private static final WireEnum<Standing> STANDINGS = WireEnum.of(List.of(
            Standing.AVAILABLE,
            Standing.REHAB,
            Standing.WRONG_TIME,
            Standing.DISCONNECTED,
            Standing.UNREACHABLE,
            Standing.HELD,
            Standing.CONNECTED));

    private static final WireEnum<Departure> DEPARTURES =
            WireEnum.of(List.of(Departure.SILENT, Departure.STOPPED, Departure.RESTARTED, Departure.CONTESTED));

    private static final WireFormat<Capabilities> CAPABILITIES = WireFormat.of(
            (out, capabilities) -> {
                out.flag(1, capabilities.extended());
                out.number(2, capabilities.maxCommitBytes());
            },
            in -> new Capabilities(in.flag(1), in.integer(2)));

    private static final WireFormat<Fact> FACT = WireFormat.of(FactFormats::write, FactFormats::read);

    static final WireFormat<Facts> FACTS = WireFormat.of(
            (out, facts) -> {
                out.text(1, facts.gateway());
                out.number(2, facts.epoch());
                out.number(3, facts.first());
                out.flag(4, facts.whole());
                out.number(5, facts.listenedMillis());
                out.list(6, FACT, facts.facts());
            },
            in -> new Facts(in.text(1), in.number(2), in.number(3), in.flag(4), in.number(5), in.list(6, FACT)));

    private FactFormats() {}

    private static void write(WireWriter out, Fact fact) {
        out.number(1, kind(fact));
        out.nested(2, MessageFormats.NODE, fact.node());
        out.number(3, fact.session());
        switch (fact) {
            case Fact.Attached attached -> {
                out.text(4, attached.incarnation());
                out.constant(5, STANDINGS, attached.standing());
                out.nested(6, CAPABILITIES, attached.capabilities());
                out.instant(7, attached.changedAt());
                out.number(8, attached.silentMillis());
            }
            case Fact.Detached detached -> {
                out.text(4, detached.reason());
                out.constant(5, DEPARTURES, detached.how());
            }
            case Fact.Doing doing -> {
                out.constant(4, MessageFormats.JOB_STATES, doing.state());
                out.text(5, doing.jobId());
                out.number(6, doing.heartbeats());
            }
            case Fact.Said said -> {
                out.number(4, said.report());
                out.flag(5, said.repeated());
                out.nested(6, MessageFormats.AGENT_MESSAGE, said.message());
            }
            case Fact.Wrote wrote -> out.nested(4, MessageFormats.AGENT_MESSAGE, wrote.chunk());
            case Fact.Undelivered undelivered -> {
                out.text(4, undelivered.jobId());
                out.nested(5, MessageFormats.NACK_REASON, undelivered.refusal());
            }
        }
    }

    private static int kind(Fact fact) {
        return switch (fact) {
            case Fact.Attached _ -> 1;
            case Fact.Detached _ -> 2;
            case Fact.Doing _ -> 3;
            case Fact.Said _ -> 4;
            case Fact.Wrote _ -> 5;
            case Fact.Undelivered _ -> 6;
        };
    }

    private static Fact read(WireReader in) {
        int kind = in.integer(1);
        NodeRef node = in.nested(2, MessageFormats.NODE);
        long session = in.number(3);
        return switch (kind) {
            case 1 ->
                new Fact.Attached(
                        node,
                        session,
                        in.text(4),
                        in.constant(5, STANDINGS),
                        in.nested(6, CAPABILITIES),
                        in.instant(7),
                        in.number(8));
            case 2 -> new Fact.Detached(node, session, in.text(4), in.optionalConstant(5, DEPARTURES));
            case 3 ->
                new Fact.Doing(
                        node, session, in.constant(4, MessageFormats.JOB_STATES), in.optionalText(5), in.integer(6));
            case 4 ->
                new Fact.Said(node, session, in.number(4), in.flag(5), in.nested(6, MessageFormats.AGENT_MESSAGE));
            case 5 -> new Fact.Wrote(node, session, chunk(in.nested(4, MessageFormats.AGENT_MESSAGE)));
            case 6 -> new Fact.Undelivered(node, session, in.text(4), in.optional(5, MessageFormats.NACK_REASON));
            default -> throw WireReader.unknown("fact", kind);
        };
    }

    private static AgentMessage.OutputChunk chunk(AgentMessage message) {
        if (message instanceof AgentMessage.OutputChunk chunk) {
            return chunk;
        }
        throw new WireException("output is expected");
    }
}
