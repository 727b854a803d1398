package org.pushjobs.workstation.remote;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.settings.Settings;
import org.pushjobs.workstation.settings.Verbosity;

/**
 * Tells what is asked of the server and how it answers. Usable from any thread.
 *
 * @param notes gets lines, none while nothing is to be told
 */
record RequestLog(Verbosity verbosity, Consumer<String> notes) {
    static final RequestLog NONE = new RequestLog(Verbosity.QUIET, _ -> {});

    RequestLog {
        Objects.requireNonNull(verbosity, "verbosity");
        Objects.requireNonNull(notes, "notes");
    }

    void begun(Settings settings) {
        if (verbosity == Verbosity.DETAILS) {
            notes.accept(settings.identityOrigin()
                    + settings.proxy()
                            .map(proxy -> ", proxy from " + proxy.origin())
                            .orElse(""));
        }
    }

    void answered(HttpRequest request, HttpResponse<?> answer, Duration took) {
        String id = verbosity == Verbosity.DETAILS
                ? answer.headers()
                        .firstValue("X-Request-Id")
                        .map(text -> ", request id " + text)
                        .orElse("")
                : "";
        tell(request, answer.statusCode() + " in " + took.toMillis() + " ms" + id);
    }

    void failed(HttpRequest request, Exception cause, Duration took) {
        tell(request, "no answer in " + took.toMillis() + " ms: " + cause.getMessage());
    }

    private void tell(HttpRequest request, String outcome) {
        if (verbosity != Verbosity.QUIET) {
            notes.accept(Screen.printable(request.method() + " " + request.uri() + " -> " + outcome));
        }
    }
}
