package org.pushjobs.server.jobs;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which reports of gateways a term has had, and what came of which of them is stored, so that its gateway needs not keep it.
 * Belongs to the term's event loop.
 */
final class ReportLedger {
    private final Map<String, OfGateway> gateways = new LinkedHashMap<>();
    private final Map<LiveJob, Set<ReportRef>> ofJobs = new HashMap<>();

    private static final class OfGateway {
        private final SortedSet<Long> open = new TreeSet<>();
        private long highest;
        private long acknowledged;

        private long settledUpTo() {
            return open.isEmpty() ? highest : open.first() - 1;
        }
    }

    /** Whether the report comes for the first time; from now on it is open. */
    boolean isNew(ReportRef report) {
        OfGateway gateway = gateways.computeIfAbsent(report.gateway(), _ -> new OfGateway());
        if (report.number() <= gateway.highest) {
            return false;
        }
        gateway.highest = report.number();
        gateway.open.add(report.number());
        return true;
    }

    /** The report is about this job, which may be given up. */
    void isAbout(LiveJob job, ReportRef report) {
        ofJobs.computeIfAbsent(job, _ -> new LinkedHashSet<>()).add(report);
    }

    /** What came of it is stored, or nothing came of it. */
    void settled(ReportRef report) {
        gateways.get(report.gateway()).open.remove(report.number());
    }

    /** The same of a report about this job. */
    void settled(LiveJob job, ReportRef report) {
        settled(report);
        ofJobs.computeIfPresent(job, (_, reports) -> {
            reports.remove(report);
            return reports.isEmpty() ? null : reports;
        });
    }

    /** The job was given up: nothing will come of its reports. */
    void forget(LiveJob job) {
        Set<ReportRef> reports = ofJobs.remove(job);
        if (reports != null) {
            reports.forEach(this::settled);
        }
    }

    /** Up to where each gateway needs not keep its reports, where that is more than it was told. */
    Map<String, Long> takeNews() {
        Map<String, Long> news = new LinkedHashMap<>();
        gateways.forEach((id, gateway) -> {
            long settled = gateway.settledUpTo();
            if (settled > gateway.acknowledged) {
                gateway.acknowledged = settled;
                news.put(id, settled);
            }
        });
        return news;
    }
}
