package org.pushjobs.workstation.setup;

import static org.pushjobs.workstation.screen.Screen.printable;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.screen.FormatOption;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.screen.Style;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pushjobs doctor}: whether everything is as commands need it, and what to do where it is not. */
@Command(
        name = "doctor",
        description = {
            "Check settings, key, server, clock and permissions, and say what to do.",
            "The exit code is 0 unless a check failed."
        },
        footerHeading = "%nExample:%n",
        footer = "  pushjobs doctor")
public final class Doctor implements Callable<Integer> {
    @Mixin
    private ConnectionOptions.Common connection;

    @Mixin
    private FormatOption format;

    private final Screen screen;
    private final Connector connector;

    public Doctor(Screen screen, Connector connector) {
        this.screen = screen;
        this.connector = connector;
    }

    @Override
    public Integer call() throws InvalidSettingsException, InterruptedException {
        List<Check> checks = new Checks(connector, connection).run();
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        checks.forEach(check -> array.addObject()
                .put("check", check.subject())
                .put("outcome", check.outcome().name().toLowerCase(Locale.ROOT))
                .put("finding", check.finding())
                .put("remedy", check.remedy()));
        screen.show(format.format(), array, () -> checks.forEach(this::line));
        return checks.stream().anyMatch(check -> check.outcome() == Check.Outcome.FAILED) ? 1 : 0;
    }

    private void line(Check check) {
        String mark = screen.styled(style(check.outcome()), "%-8s".formatted(mark(check.outcome())));
        screen.out().println(mark + "%-13s".formatted(check.subject()) + printable(check.finding()));
        check.remedy().lines().forEach(line -> screen.out().println(" ".repeat(21) + "-> " + printable(line)));
    }

    private static String mark(Check.Outcome outcome) {
        return switch (outcome) {
            case OK -> "ok";
            case WARNING -> "warning";
            case FAILED -> "FAILED";
        };
    }

    private static Style style(Check.Outcome outcome) {
        return switch (outcome) {
            case OK -> Style.GOOD;
            case WARNING -> Style.UNSURE;
            case FAILED -> Style.BAD;
        };
    }
}
