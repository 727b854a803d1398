package org.pushjobs.server.store;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import org.pushjobs.server.jobs.model.OutputKey;

/** How much is stored of output that comes while commands run. */
public interface OutputEnds {
    /** How many bytes are stored of each; those of which nothing is are left out. */
    Future<Map<OutputKey, Long>> ends(List<OutputKey> keys);
}
