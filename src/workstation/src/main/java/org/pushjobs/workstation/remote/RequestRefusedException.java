package org.pushjobs.workstation.remote;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** The server answered with an error status. */
public final class RequestRefusedException extends ServerFailure {
    private static final long serialVersionUID = 1L;
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private final int status;
    private final String error;
    private final transient Optional<Duration> retryAfter;
    private final boolean ours;

    private RequestRefusedException(
            int status, String error, Optional<Duration> retryAfter, boolean ours, String advice) {
        super("the server answered " + status + (error.isEmpty() ? "." : ": " + error)
                + (advice.isEmpty() ? "" : "\n" + advice));
        this.status = status;
        this.error = error;
        this.retryAfter = retryAfter;
        this.ours = ours;
    }

    /** @param identity who asked and where that is set, for people */
    static RequestRefusedException of(HttpResponse<?> answer, byte[] body, String identity) {
        int status = answer.statusCode();
        return new RequestRefusedException(
                status,
                ErrorText.of(body),
                answer.headers()
                        .firstValue("Retry-After")
                        .filter(SECONDS.asMatchPredicate())
                        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds))),
                SignedHttp.isOurs(answer),
                advice(status, identity));
    }

    /** The same refusal with advice that fits the request better. */
    public RequestRefusedException withAdvice(String advice) {
        RequestRefusedException advised = new RequestRefusedException(status, error, retryAfter, ours, advice);
        advised.initCause(this);
        return advised;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** When the server wants to be asked again, if it says so. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }

    /** Whether it was our server that refused, and not the original one or something on the way. */
    boolean isOurs() {
        return ours;
    }

    @Override
    public boolean temporary() {
        return status == 502 || status == 503 || status == 504;
    }

    private static String advice(int status, String identity) {
        return switch (status) {
            case 401 ->
                "Check the user name (--user), that --key is the private key of this user, and this machine's clock ("
                        + identity + ").";
            case 403 ->
                "Ask an administrator for access: starting jobs needs the group pushy_job_writers, looking at them"
                        + " pushy_job_readers.";
            case 404 -> "Check the organization in the server URL, and the job ID.";
            case 500 -> "This is a fault of the server; its log says more.";
            case 502, 504 ->
                "The server, or something it depends on, is away for the moment; try again, then ask its"
                        + " administrator.";
            case 503 -> "The server is not ready yet; try again in a moment.";
            case 407 -> "The proxy wants a name and a password: http://NAME:PASSWORD@HOST:PORT.";
            default -> "";
        };
    }
}
