package org.pushjobs.ctl.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pushjobs.ctl.database.Connections;
import org.pushjobs.ctl.database.DatabaseHosts;
import org.pushjobs.ctl.database.HostAnswer;
import org.pushjobs.ctl.database.HostAnswer.Heard;
import org.pushjobs.ctl.database.HostAnswer.ReadOnly;
import org.pushjobs.ctl.database.HostAnswer.Replica;
import org.pushjobs.ctl.database.HostAnswer.Silent;
import org.pushjobs.ctl.database.HostAnswer.Writable;
import org.pushjobs.ctl.settings.Installation.Database;

/**
 * Whether all hosts of a database with replicas can be used, exactly one of them takes writes, and the others could take its place
 * without a loss (docs/operations.md, "A database with replicas").
 */
final class HostsExamination implements Examination {
    private static final String ABOUT = "replicas";

    @Override
    public List<Finding> of(Patient patient) throws InterruptedException {
        return patient.installation().database() instanceof Database.Postgres postgres
                        && postgres.hosts().size() > 1
                ? findings(
                        Connections.hostsForServer(postgres, patient.secrets()).ask())
                : List.of();
    }

    /** @param answers of all hosts */
    static List<Finding> findings(List<HostAnswer> answers) {
        List<Writable> writable = DatabaseHosts.writable(answers);
        if (writable.isEmpty()) {
            return List.of(Finding.wrong(
                    ABOUT,
                    "no host takes writes: " + DatabaseHosts.explain(answers)
                            + "; look at PostgreSQL there and at what promotes its replicas"));
        }
        Writable used = writable.getFirst();
        List<Finding> findings = new ArrayList<>();
        for (HostAnswer answer : answers) {
            if (answer != used) {
                findings.addAll(beside(used, answer));
            }
        }
        if (!used.isSynchronous()) {
            findings.add(Finding.warning(
                    ABOUT,
                    used.host() + " acknowledges what no replica has yet (synchronous_standby_names is empty, or"
                            + " synchronous_commit off or local, for the server's user), so a promotion may lose jobs"
                            + " and results; docs/operations.md, \"A database with replicas\","
                            + " says what to set"));
        }
        if (findings.isEmpty()) {
            findings.add(Finding.good(
                    ABOUT,
                    used.host() + " takes writes, timeline " + used.timeline() + ", and the others ("
                            + answers.stream()
                                    .filter(answer -> answer != used)
                                    .map(answer -> answer.host().toString())
                                    .collect(Collectors.joining(", "))
                            + ") follow it"));
        }
        return findings;
    }

    /** What is wrong with another host than the one that is used. */
    private static List<Finding> beside(Writable used, HostAnswer answer) {
        return switch (answer) {
            case Silent silent ->
                List.of(Finding.warning(
                        ABOUT,
                        silent.host() + " cannot be used (" + silent.reason()
                                + "): there is one host less to go on with"
                                + " when " + used.host() + " fails; look at PostgreSQL there, and whether it lets this"
                                + " machine in (pg_hba.conf)"));
            case Heard heard -> heard(used, heard);
        };
    }

    private static List<Finding> heard(Writable used, Heard other) {
        List<Finding> findings = new ArrayList<>();
        if (other.system() != used.system()) {
            findings.add(Finding.wrong(
                    ABOUT,
                    other.host() + " is another PostgreSQL cluster than " + used.host()
                            + ", and no replica of it; take it" + " out of postgresql['hosts'], or make it one"));
        } else {
            standing(used, other).ifPresent(findings::add);
        }
        Finding clock = Clocks.finding("the database host " + other.host(), other.clockAhead());
        if (clock.level() != Finding.Level.GOOD) {
            findings.add(clock);
        }
        return findings;
    }

    private static Optional<Finding> standing(Writable used, Heard other) {
        return switch (other) {
            case Writable _ -> Optional.of(Finding.wrong(ABOUT, twice(used, other)));
            case Heard newer
            when DatabaseHosts.replacementOf(used, List.of(newer)).isPresent() ->
                Optional.of(Finding.wrong(
                        ABOUT,
                        newer.host() + " has timeline " + newer.timeline() + ", and " + used.host()
                                + ", which takes writes, an older one, " + used.timeline()
                                + ": it was replaced, and the"
                                + " host that replaced it is not in postgresql['hosts'] or not there. Stop "
                                + used.host()));
            case ReadOnly readOnly ->
                Optional.of(Finding.warning(
                        ABOUT,
                        readOnly.host() + " " + readOnly.text() + "; make it a replica of " + used.host()
                                + ", or take it out of postgresql['hosts']"));
            case Replica replica
            when !replica.isConnected() ->
                Optional.of(Finding.warning(
                        ABOUT,
                        replica.host() + " (timeline " + replica.timeline() + ") gets nothing from " + used.host()
                                + " (timeline " + used.timeline()
                                + "), so that it lacks more and more; look at its log,"
                                + " and at primary_conninfo there"));
            case Replica _ -> Optional.empty();
        };
    }

    private static String twice(Writable used, Heard other) {
        return other.timeline() < used.timeline()
                ? other.host() + " takes writes although " + used.host() + " has replaced it (timelines "
                        + other.timeline() + " and " + used.timeline() + "); stop it, and make it a replica (pg_rewind)"
                : other.host() + " and " + used.host() + " both take writes, with the same timeline "
                        + used.timeline()
                        + ": they are one server by two names, or have gone apart; leave one of them in"
                        + " postgresql['hosts']";
    }
}
