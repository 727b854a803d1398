package org.pushjobs.server.store;

import org.pushjobs.server.ServerException;

/** This server has other secrets than the cluster whose database it uses; its agents would not understand it. */
public final class SecretsMismatchException extends ServerException {
    private static final long serialVersionUID = 1L;

    SecretsMismatchException() {
        super(
                500,
                "the database belongs to a cluster with other secrets; copy the secrets file from a server of that"
                        + " cluster, or make this server's secrets the cluster's by 'pushjobs-server --config FILE secrets adopt'");
    }
}
