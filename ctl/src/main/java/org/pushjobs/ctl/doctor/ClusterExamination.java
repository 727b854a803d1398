package org.pushjobs.ctl.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pushjobs.config.ClusterConfig;
import org.pushjobs.config.MemberAddress;
import org.pushjobs.config.TlsTrust;
import org.pushjobs.config.check.StartCheck;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.plan.ServerFiles;
import org.pushjobs.ctl.settings.Installation.Service;

/**
 * Whether the members of the cluster find each other and go together, as far as one of them can tell. That they have the same
 * secrets is in the database ({@link DatabaseExamination}), and the server that runs does not count a member with others.
 */
final class ClusterExamination implements Examination {
    private static final String ABOUT = "cluster";
    private static final Duration LIMIT = Duration.ofSeconds(3);

    /** How many processes the server sees, itself included. */
    private static final Pattern SEEN =
            Pattern.compile("^pushjobs_cluster_members(?:\\{[^}]*})? ([0-9]+)", Pattern.MULTILINE);

    @Override
    public List<Finding> of(Patient patient) throws InterruptedException {
        Optional<ClusterConfig> cluster = patient.config().cluster();
        return cluster.isPresent() ? findings(patient, cluster.get()) : List.of();
    }

    private static List<Finding> findings(Patient patient, ClusterConfig cluster) throws InterruptedException {
        List<Finding> findings = new ArrayList<>(address(patient, cluster));
        int expected = cluster.others().size() + 1;
        OptionalInt seen = patient.pid().isPresent() ? seen(patient) : OptionalInt.empty();
        boolean areAllSeen = seen.orElse(0) >= expected;
        Answered answered = seen.isPresent() ? ask(patient) : new Answered(false, List.of());
        List<Finding> unreachable =
                areAllSeen && answered.byAll() ? List.of() : unreachable(patient, cluster, areAllSeen);
        if (seen.isPresent()) {
            findings.add(membership(seen.getAsInt(), expected, unreachable));
        }
        findings.addAll(unreachable);
        findings.addAll(answered.findings());
        findings.add(Finding.good(
                ABOUT,
                "cluster_port " + cluster.port() + " and cluster_bus_port " + cluster.busPort() + " are for "
                        + cluster.address()
                        + " only; have a firewall close them to all but the members, which cannot be"
                        + " seen from here"));
        return findings;
    }

    /**
     * What came of asking the server that runs.
     *
     * @param byAll whether all others have answered it, by which they can be reached
     */
    private record Answered(boolean byAll, List<Finding> findings) {}

    private static Answered ask(Patient patient) throws InterruptedException {
        try {
            String text = ServerFiles.installedProgram(patient.layout())
                    .run(List.of("cluster", "status", "--json"))
                    .text();
            return ClusterAnswer.parse(text)
                    .map(answer -> new Answered(answer.doAllAnswer(), conflicts(answer)))
                    .orElseGet(() -> unknown(text.strip()));
        } catch (CtlException e) {
            return unknown(e.getMessage());
        }
    }

    private static List<Finding> conflicts(ClusterAnswer answer) {
        return answer.conflicts().stream()
                .map(conflict -> Finding.warning(ABOUT, conflict))
                .toList();
    }

    private static Answered unknown(String why) {
        return new Answered(
                false,
                List.of(Finding.warning(
                        ABOUT,
                        "the server does not say whether versions and addresses of the members go together: " + why
                                + "; see opscode-push-jobs-server-ctl ha-status")));
    }

    private static List<Finding> unreachable(Patient patient, ClusterConfig cluster, boolean areAllSeen) {
        List<Finding> unreachable = new ArrayList<>();
        for (MemberAddress member : cluster.others()) {
            // Its log has a line about a stranger at cluster_port, so nobody knocks there without need.
            Optional<Finding> atPort = areAllSeen ? Optional.empty() : knock(patient, "cluster_port", member);
            atPort.or(() -> knock(patient, "cluster_bus_port", new MemberAddress(member.host(), cluster.busPort())))
                    .ifPresent(unreachable::add);
        }
        return unreachable;
    }

    /** What is wrong with the address that the others are told. */
    private static List<Finding> address(Patient patient, ClusterConfig cluster) {
        boolean areOthersElsewhere = cluster.others().stream().anyMatch(member -> !isOnlyHere(member.host()));
        if (areOthersElsewhere && isOnlyHere(cluster.address())) {
            return List.of(Finding.wrong(
                    ABOUT,
                    "cluster_address is " + cluster.address() + ", which on this machine leads to 127.x.x.x or ::1 (see"
                            + " /etc/hosts): no other machine reaches that; set it to an IP address of this machine"));
        }
        return new StartCheck(patient.config())
                .problems().stream()
                        .filter(problem -> problem.startsWith("cluster_address "))
                        .map(problem -> Finding.wrong(ABOUT, problem))
                        .toList();
    }

    private static boolean isOnlyHere(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static OptionalInt seen(Patient patient) throws InterruptedException {
        var management = patient.config().management();
        URI metrics = Web.at(PortsExamination.at(management.listenAddress(), management.port()), "/metrics");
        try {
            return seen(Web.get(metrics, new TlsTrust.SystemAuthorities()).body());
        } catch (IOException | CertificateException e) {
            return OptionalInt.empty(); // the health's finding says so
        }
    }

    /** @param metrics as the server tells them */
    static OptionalInt seen(String metrics) {
        Matcher count = SEEN.matcher(metrics);
        return count.find() ? OptionalInt.of(Integer.parseInt(count.group(1))) : OptionalInt.empty();
    }

    /** @param unreachable what was found of members that do not answer */
    static Finding membership(int seen, int expected, List<Finding> unreachable) {
        String text = "the server sees " + seen + " of " + expected + " members, itself included";
        if (seen >= expected
                || !unreachable.isEmpty()
                        && unreachable.stream().allMatch(finding -> finding.level() == Finding.Level.GOOD)) {
            return Finding.good(ABOUT, text);
        }
        return unreachable.isEmpty()
                ? Finding.wrong(
                        ABOUT,
                        text + ", although the others can be reached: they have other secrets, another version's way to"
                                + " talk, or addresses are translated between them; their logs say which (refused a"
                                + " connection to cluster_port)")
                : Finding.warning(ABOUT, text + "; those that are missing do not take part");
    }

    /** What is wrong when nobody opens. */
    private static Optional<Finding> knock(Patient patient, String setting, MemberAddress at) {
        String where = "the member at " + at + " (" + setting + ") ";
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(at.host(), at.port()), (int) LIMIT.toMillis());
            return Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.of(Finding.wrong(
                    ABOUT, where + "has a name that is not known here; put cluster_members or the name service right"));
        } catch (SocketTimeoutException e) {
            return Optional.of(Finding.warning(
                    ABOUT,
                    where + "does not answer within " + LIMIT.toSeconds() + " s: its machine is down, or a firewall is"
                            + " between; members reach each other at cluster_port and cluster_bus_port"));
        } catch (IOException e) {
            return Optional.of(
                    patient.installation().service() == Service.BY_KEEPALIVED
                            ? Finding.good(ABOUT, where + "does not run, as on a backend that is not the master")
                            : Finding.warning(
                                    ABOUT,
                                    where + "cannot be reached (" + e.getMessage() + "): look whether its server runs,"
                                            + " with this port"));
        }
    }
}
