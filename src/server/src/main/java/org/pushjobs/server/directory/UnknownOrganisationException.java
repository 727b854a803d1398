package org.pushjobs.server.directory;

import org.pushjobs.server.ServerException;

/** There is no organisation of the name that was asked about (request-signing.md, check 6). */
public final class UnknownOrganisationException extends ServerException {
    private static final long serialVersionUID = 1L;

    public UnknownOrganisationException(String orgName) {
        super(404, "organization '" + orgName + "' does not exist.");
    }
}
