package org.pushjobs.config;

/** What members of an organisation may read that has no group {@code pushy_job_readers}. */
public enum ReadAccess {
    /** Everything, users and clients alike; and who may read may fetch the configuration of every node, as a user. */
    ORGANIZATION,
    /**
     * Users everything, clients what concerns their own node, unless they may start jobs. Configurations of other nodes
     * are for admins.
     */
    RESTRICTED
}
