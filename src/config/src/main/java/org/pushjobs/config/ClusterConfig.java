package org.pushjobs.config;

import java.util.List;
import java.util.Objects;

/**
 * The processes that share the work, and how this one takes part.
 *
 * @param members all of them, this one among them or not
 * @param address name or IP address of this machine that both ports are bound to and that the others are told
 * @param port by which the members know each other
 * @param busPort for what they say to each other
 * @param spread whether each gateway has an address of its own, and agents are told one of them; else all are told the same
 */
public record ClusterConfig(List<MemberAddress> members, String address, int port, int busPort, boolean spread) {
    public ClusterConfig {
        members = List.copyOf(members);
        Objects.requireNonNull(address, "address");
    }

    /** The members without this one. */
    public List<MemberAddress> others() {
        MemberAddress self = new MemberAddress(address, port);
        return members.stream().filter(member -> !member.equals(self)).toList();
    }
}
