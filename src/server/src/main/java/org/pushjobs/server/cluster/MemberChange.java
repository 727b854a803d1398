package org.pushjobs.server.cluster;

/** A change of who is in the cluster. */
public sealed interface MemberChange {
    Member member();

    /** It can be reached. */
    record Joined(Member member) implements MemberChange {}

    /**
     * It cannot be reached any more, whether it has ended or not: the network may be cut, and then it thinks the same of
     * this process.
     */
    record Left(Member member) implements MemberChange {}
}
