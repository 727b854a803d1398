package org.pushjobs.server.control;

import java.util.Objects;
import java.util.Optional;
import org.pushjobs.server.cluster.MemberInfo;

/**
 * A server of the cluster as another one sees it.
 *
 * @param nodeId by which it is asked
 * @param address where it is a member
 * @param info what it told when it joined
 * @param isSelf whether it is the one that looks
 * @param state empty when it did not answer
 */
record Seen(String nodeId, String address, MemberInfo info, boolean isSelf, Optional<MemberState> state) {
    Seen {
        Objects.requireNonNull(nodeId, "nodeId");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(info, "info");
        Objects.requireNonNull(state, "state");
    }

    /** For people; with the address, for names of machines may be the same. */
    String shown() {
        return info.name() + " (" + address + ")";
    }

    /** Of its term, or 0 when it has none. */
    long epoch() {
        return state.flatMap(MemberState::term).map(term -> term.epoch()).orElse(0L);
    }

    /** Why agents could not go there now; empty when they could. */
    Optional<String> whyNoGateway() {
        return state.map(MemberState::whyNoGateway).orElse(Optional.of("it does not answer"));
    }

    /** Why it could not take over now; empty when it could. */
    Optional<String> whyUnfit() {
        return state.map(MemberState::whyUnfit).orElse(Optional.of("it does not answer"));
    }
}
