package org.pushjobs.server.store;

import io.vertx.core.Future;
import java.util.Optional;
import org.pushjobs.server.jobs.model.EarlierStart;
import org.pushjobs.server.jobs.model.IdempotencyKey;

/** Which requests have started jobs. */
public interface JobStarts {
    /** The job that the requestor has started under this key; empty when there is none, or none any more. */
    Future<Optional<EarlierStart>> earlierStart(String orgGuid, String requestor, IdempotencyKey key);
}
