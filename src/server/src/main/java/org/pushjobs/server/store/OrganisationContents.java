package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.store.DirectoryChange.LiveJobs;
import org.pushjobs.server.store.DirectoryChanges.Consent;

/**
 * What goes when an organisation is deleted.
 *
 * @param jobs all, with those that have not ended
 * @param liveJobs those that have not ended
 */
record OrganisationContents(int users, int clients, int jobs, int liveJobs) {
    static Future<OrganisationContents> of(SqlClient client, String guid) {
        return DirectoryStatements.rows(client, DirectorySql.CONTENTS, Tuple.of(guid))
                .map(rows -> contents(rows.getFirst()));
    }

    private static OrganisationContents contents(Row row) {
        return new OrganisationContents(
                row.getInteger("users"), row.getInteger("clients"), row.getInteger("jobs"), row.getInteger("live"));
    }

    /** Fails with status 409, with a {@link LockOutException} when it may be meant so. */
    Future<Void> permit(DirectoryChange.DeleteOrganisation deletion) {
        String name = "organisation '" + deletion.name() + "'";
        if (liveJobs > 0 && deletion.liveJobs() == LiveJobs.REFUSED) {
            return Future.failedFuture(new ServerException(
                    409,
                    liveJobs + " jobs go on in " + name
                            + "; wait for their end or abort them first, or have them lose their"
                            + " nodes by --abandon-jobs; nothing was changed"));
        }
        boolean empty = users == 0 && clients == 0 && jobs == 0;
        return empty || deletion.consent() == Consent.GIVEN
                ? Future.succeededFuture()
                : Future.failedFuture(new LockOutException("with " + name + " go " + clients + " clients, " + jobs
                        + " jobs with their output, and what " + users + " users may do in it."));
    }
}
