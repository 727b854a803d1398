package org.pushjobs.server.directory;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.pushjobs.server.store.AuditRow;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.DirectoryChange;
import org.pushjobs.server.store.DirectoryChanges;
import org.pushjobs.server.store.DirectoryChanges.Consent;
import org.pushjobs.server.store.DirectoryStore;

/**
 * The directory for a command: whoever may use the database may change everything. Each change is a line of the audit log, in
 * the name of the operating system's user.
 */
record DirectoryWork(DirectoryStore store, DirectoryChanges changes) {
    private static final DirectoryChanges.Scope SCOPE = new DirectoryChanges.Scope.Server();
    private static final String ADDRESS = "command line";
    private static final int OK = 200;

    /** A job may have many thousands of nodes. */
    private static final int JOBS_AT_ONCE = 20;

    static DirectoryWork in(Database database) {
        return new DirectoryWork(
                new DirectoryStore(database.pool()),
                DirectoryChanges.writtenDown(database.pool(), DirectoryWork::auditLine));
    }

    /** Makes a change that nobody but whom it names can mind; gives what is so then. */
    Future<String> make(DirectoryChange change) {
        return make(change, Consent.NOT_GIVEN);
    }

    Future<String> make(DirectoryChange change, Consent consent) {
        return make(List.of(change), consent).map(change.result());
    }

    Future<Void> make(List<DirectoryChange> list, Consent consent) {
        return changes.make(list, SCOPE, consent);
    }

    /** Jobs go first, in portions; when it is broken off, the organisation is still there, with those that were not reached. */
    Future<String> delete(DirectoryChange.DeleteOrganisation deletion) {
        return changes.deleteJobsBefore(deletion, JOBS_AT_ONCE)
                .compose(deleted -> deleted == JOBS_AT_ONCE ? delete(deletion) : make(deletion, Consent.GIVEN));
    }

    private static AuditRow auditLine(DirectoryChange change) {
        return new AuditRow(
                UUID.randomUUID(),
                Instant.now(),
                change.orgName().orElse(""),
                Optional.empty(),
                System.getProperty("user.name", "unknown"),
                Optional.empty(),
                UUID.randomUUID().toString(),
                ADDRESS,
                change.action(),
                AuditRow.Job.command(change.words()),
                AuditRow.Outcome.DONE,
                OK,
                Optional.empty());
    }
}
