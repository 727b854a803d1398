package org.pushjobs.ctl.doctor;

import java.io.IOException;
import java.net.URI;
import java.security.cert.CertificateException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.config.DirectoryConfig;
import org.pushjobs.protocol.request.RequestSigner;
import org.pushjobs.protocol.request.SigningVersion;

/** Whether the Chef server answers, believes the superuser's key, and has the same time. */
final class ChefExamination implements Examination {
    private static final String ABOUT = "Chef API";
    private static final String API_VERSION = "1";

    @Override
    public List<Finding> of(Patient patient) throws InterruptedException {
        return switch (patient.config().directory()) {
            case DirectoryConfig.Standalone _ ->
                List.of(Finding.good(ABOUT, "not needed, the server keeps organisations and keys itself"));
            case DirectoryConfig.ChefServer chef -> findings(chef);
        };
    }

    private static List<Finding> findings(DirectoryConfig.ChefServer chef) throws InterruptedException {
        String path = "/users/" + chef.superuserName();
        URI uri = URI.create(chef.rootUrl().toString().replaceFirst("/+$", "") + path);
        Map<String, String> headers =
                new LinkedHashMap<>(new RequestSigner(chef.superuserName(), chef.superuserKey(), SigningVersion.V1_1)
                        .sign("GET", uri.getRawPath(), new byte[0], Instant.now(), API_VERSION));
        headers.put("X-Ops-Server-API-Version", API_VERSION);
        headers.put("X-Chef-Version", "18.0.0");
        List<Finding> findings = new ArrayList<>();
        try {
            Web.Answer answer = new Web(chef.trust()).get(uri, headers);
            findings.add(finding(chef, answer));
            ahead(answer).ifPresent(ahead -> findings.add(Clocks.finding("the Chef server", ahead)));
        } catch (IOException | CertificateException e) {
            findings.add(Finding.wrong(
                    ABOUT,
                    chef.rootUrl() + " does not answer (" + e
                            + "); check that nginx and the Chef server run (chef-server-ctl status), that the name"
                            + " leads to them from this machine, and that chef_ca_file has who issued nginx's"
                            + " certificate"));
        }
        return findings;
    }

    private static Finding finding(DirectoryConfig.ChefServer chef, Web.Answer answer) {
        return switch (answer.status()) {
            case 200 -> Finding.good(ABOUT, chef.rootUrl() + " answers and knows the key of " + chef.superuserName());
            case 401 ->
                Finding.wrong(
                        ABOUT,
                        chef.rootUrl() + " does not believe the key of " + chef.superuserName()
                                + " (401); check the clocks, then run chef-server-ctl reconfigure and"
                                + " opscode-push-jobs-server-ctl reconfigure, which takes the key up");
            default ->
                Finding.wrong(
                        ABOUT,
                        chef.rootUrl() + " answers with status " + answer.status()
                                + "; look at its logs (chef-server-ctl tail)");
        };
    }

    /** How much the other clock is ahead, which tells whole seconds only. */
    private static Optional<Duration> ahead(Web.Answer answer) {
        return answer.date().flatMap(text -> {
            try {
                Instant there = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                if (there.isAfter(answer.answered())) {
                    return Optional.of(Duration.between(answer.answered(), there));
                }
                Instant latest = there.plusSeconds(1);
                return Optional.of(
                        latest.isBefore(answer.asked()) ? Duration.between(answer.asked(), latest) : Duration.ZERO);
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        });
    }
}
