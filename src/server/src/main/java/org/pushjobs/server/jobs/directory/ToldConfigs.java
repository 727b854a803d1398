package org.pushjobs.server.jobs.directory;

import java.util.Set;
import org.pushjobs.protocol.NodeRef;

/** What agents were told by the configuration that they fetched last. */
public interface ToldConfigs {
    /** Between heartbeats; 0 when it is not known. */
    int intervalMillis(NodeRef node);

    /** Whether the agent was told other addresses than agents are told now, and comes only when it has asked again. */
    boolean isElsewhere(NodeRef node);

    /** The nodes whose agents were told something and are not forgotten, as far as this process knows. */
    Set<NodeRef> nodes();
}
