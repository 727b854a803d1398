package org.pushjobs.server.control;

import io.vertx.core.Vertx;
import org.pushjobs.server.bus.WireCodec;
import org.pushjobs.server.bus.WireFormat;
import org.pushjobs.server.jobs.TermAge;
import org.pushjobs.server.management.Readiness;

/** How servers say to each other how they are. */
final class ControlFormats {
    private static final WireFormat<Readiness> READINESS = WireFormat.of(
            (out, readiness) -> {
                out.text(1, readiness.status());
                out.text(2, readiness.problem());
            },
            in -> new Readiness(in.text(1), in.optionalText(2)));

    private static final WireFormat<TermAge> TERM = WireFormat.of(
            (out, term) -> {
                out.number(1, term.epoch());
                out.duration(2, term.age());
                out.duration(3, term.renewed());
                out.duration(4, term.left());
            },
            in -> new TermAge(in.number(1), in.duration(2), in.duration(3), in.duration(4)));

    private static final WireFormat<MemberState.Drain> DRAIN = WireFormat.of(
            (out, drain) -> {
                out.duration(1, drain.age());
                out.number(2, drain.left());
            },
            in -> new MemberState.Drain(in.duration(1), in.integer(2)));

    static final WireCodec<MemberState> STATE = new WireCodec<>(
            "pushjobs.member.state",
            MemberState.class,
            WireCodec.SHORT,
            WireFormat.of(
                    (out, state) -> {
                        out.nested(1, READINESS, state.coordinator());
                        out.nested(2, TERM, state.term());
                        out.nested(3, READINESS, state.gateway());
                        out.number(4, state.connections());
                        out.text(5, state.databaseHost());
                        out.text(6, state.databaseProblem());
                        out.nested(7, DRAIN, state.drain());
                        out.text(8, state.gatewayPlace());
                        out.number(9, state.nodes());
                    },
                    in -> new MemberState(
                            in.optional(1, READINESS),
                            in.optional(2, TERM),
                            in.optional(3, READINESS),
                            in.integer(4),
                            in.optionalText(5),
                            in.optionalText(6),
                            in.optional(7, DRAIN),
                            in.optionalText(8),
                            in.optionalInteger(9))));

    private ControlFormats() {}

    /** Once for each Vert.x instance, before anything is sent. */
    static void register(Vertx vertx) {
        vertx.eventBus().registerCodec(STATE);
    }
}
