package org.pushjobs.server.api;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.pushjobs.server.store.JobSummary;
import org.pushjobs.server.store.StoredJob;

/** What the API reads of the stored jobs; usable from any verticle. */
public interface JobReads {
    /** Empty when the organisation has no such job. */
    Future<Optional<StoredJob>> find(String orgGuid, String id);

    /** The organisation's jobs, newest last. */
    Future<List<JobSummary>> list(String orgGuid);

    /** Captured output, as the agent sent it; empty when there is none. */
    Future<Optional<byte[]>> output(String orgGuid, String jobId, String node, Channel channel);

    /** Which of a command's two outputs. */
    enum Channel {
        STDOUT("stdout"),
        STDERR("stderr");

        private final String label;

        Channel(String label) {
            this.label = label;
        }

        /** Name in the API. */
        public String label() {
            return label;
        }
    }
}
