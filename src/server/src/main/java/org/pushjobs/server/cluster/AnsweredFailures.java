package org.pushjobs.server.cluster;

import com.hazelcast.config.JavaSerializationFilterConfig;

/**
 * The only classes that a member may send in Java's own serialised form: failures with which Hazelcast answers a call that
 * was made at another member, and what they consist of. A failure that is not among them is not understood, and the call
 * that it answers waits for its time-out. A test looks whether each of them can be sent.
 */
final class AnsweredFailures {
    static final String[] OF_HAZELCAST = {
        "com.hazelcast.core.HazelcastException",
        "com.hazelcast.core.HazelcastInstanceNotActiveException",
        "com.hazelcast.core.HazelcastOverloadException",
        "com.hazelcast.core.IndeterminateOperationStateException",
        "com.hazelcast.core.LocalMemberResetException",
        "com.hazelcast.core.MemberLeftException",
        "com.hazelcast.core.OperationTimeoutException",
        "com.hazelcast.internal.cluster.impl.ClusterTopologyChangedException",
        "com.hazelcast.internal.cluster.impl.ConfigMismatchException",
        "com.hazelcast.internal.cluster.impl.VersionMismatchException",
        "com.hazelcast.internal.partition.PartitionStateVersionMismatchException",
        "com.hazelcast.nio.serialization.HazelcastSerializationException",
        "com.hazelcast.partition.NoDataMemberInClusterException",
        "com.hazelcast.spi.exception.CallerNotMemberException",
        "com.hazelcast.spi.exception.DistributedObjectDestroyedException",
        "com.hazelcast.spi.exception.PartitionMigratingException",
        "com.hazelcast.spi.exception.ResponseAlreadySentException",
        "com.hazelcast.spi.exception.RetryableHazelcastException",
        "com.hazelcast.spi.exception.RetryableIOException",
        "com.hazelcast.spi.exception.ServiceNotFoundException",
        "com.hazelcast.spi.exception.TargetDisconnectedException",
        "com.hazelcast.spi.exception.TargetNotMemberException",
        "com.hazelcast.spi.exception.WrongTargetException",
    };

    private static final String[] OF_JAVA = {
        "java.io.IOException",
        "java.lang.ClassCastException",
        "java.lang.Error",
        "java.lang.Exception",
        "java.lang.IllegalArgumentException",
        "java.lang.IllegalStateException",
        "java.lang.IllegalThreadStateException",
        "java.lang.IndexOutOfBoundsException",
        "java.lang.InterruptedException",
        "java.lang.NullPointerException",
        "java.lang.RuntimeException",
        "java.lang.SecurityException",
        "java.lang.Throwable",
        "java.lang.UnsupportedOperationException",
        "java.util.ConcurrentModificationException",
        "java.util.concurrent.CancellationException",
        "java.util.concurrent.CompletionException",
        "java.util.concurrent.ExecutionException",
        "java.util.concurrent.RejectedExecutionException",
        "java.util.concurrent.TimeoutException",
    };

    private static final String[] PARTS = {
        "[Ljava.lang.StackTraceElement;",
        "com.hazelcast.version.MemberVersion",
        "java.lang.StackTraceElement",
        "java.util.ArrayList",
        "java.util.Collections$EmptyList",
    };

    private AnsweredFailures() {}

    static JavaSerializationFilterConfig filter() {
        JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig().setDefaultsDisabled(true);
        filter.getWhitelist().addClasses(OF_HAZELCAST).addClasses(OF_JAVA).addClasses(PARTS);
        return filter;
    }
}
