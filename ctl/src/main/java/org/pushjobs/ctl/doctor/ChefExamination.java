package org.pushjobs.ctl.doctor;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.security.cert.CertificateException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pushjobs.config.DirectoryConfig;
import org.pushjobs.ctl.chef.ChefApi;

/** Whether the Chef server answers, believes the superuser's key, and has the same time. */
final class ChefExamination implements Examination {
    private static final String ABOUT = "Chef API";

    /** With the time between which bounds its {@code Date} was made. */
    private record Answer(int status, Optional<String> date, Instant asked, Instant answered) {}

    @Override
    public List<Finding> of(Patient patient) throws InterruptedException {
        return switch (patient.config().directory()) {
            case DirectoryConfig.Standalone _ ->
                List.of(Finding.good(ABOUT, "not needed, the server keeps organisations and keys itself"));
            case DirectoryConfig.ChefServer chef -> findings(chef);
        };
    }

    private static List<Finding> findings(DirectoryConfig.ChefServer chef) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        try (ChefApi api = new ChefApi(chef, Web.LIMIT)) {
            Instant asked = Instant.now();
            HttpResponse<byte[]> response = api.send("GET", "/users/" + chef.superuserName(), new byte[0]);
            Answer answer =
                    new Answer(response.statusCode(), response.headers().firstValue("Date"), asked, Instant.now());
            findings.add(finding(chef, answer));
            ahead(answer).ifPresent(ahead -> findings.add(Clocks.finding("the Chef server", ahead)));
        } catch (IOException | CertificateException e) {
            findings.add(Finding.wrong(
                    ABOUT,
                    chef.rootUrl() + " does not answer (" + e.getMessage()
                            + "); check that nginx and the Chef server run (chef-server-ctl status), that the name"
                            + " leads to them from this machine, and that chef_ca_file has who issued nginx's"
                            + " certificate"));
        }
        return findings;
    }

    private static Finding finding(DirectoryConfig.ChefServer chef, Answer answer) {
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
    private static Optional<Duration> ahead(Answer answer) {
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
