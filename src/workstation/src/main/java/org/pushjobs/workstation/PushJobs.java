package org.pushjobs.workstation;

import java.io.Console;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.pushjobs.platform.text.PlatformText;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.screen.CalledAs;
import org.pushjobs.workstation.screen.Display;
import org.pushjobs.workstation.screen.Interruption.Watch;
import org.pushjobs.workstation.screen.LiveProgress;
import org.pushjobs.workstation.screen.OutputFailedException;
import org.pushjobs.workstation.screen.PlainProgress;
import org.pushjobs.workstation.screen.Progress;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.screen.StandardOutput;
import org.pushjobs.workstation.screen.TerminalWidth;
import org.pushjobs.workstation.settings.SettingsSources;

/** The {@code pushjobs} command; the only class that may exit the process. */
public final class PushJobs {
    /** The launchers set it: the program is also called as {@code knife-push}. */
    private static final String NAME_PROPERTY = "pushjobs.name";

    private static final int CANNOT_RUN = 1;

    private PushJobs() {}

    /** The exit status is one of those that {@code pushjobs --help} lists. */
    public static void main(String[] arguments) {
        String name = System.getProperty(NAME_PROPERTY, "pushjobs");
        PlatformText.problem(arguments).ifPresent(problem -> {
            System.err.println(name + ": " + problem);
            System.exit(CANNOT_RUN);
        });
        WarmUp.begin(List.of(arguments));
        Clock clock = Clock.systemUTC();
        Map<String, String> environment = System.getenv();
        Path home = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")));
        Display display = Display.of(CalledAs.of(name), isTerminal(), environment, List.of(arguments));
        Screen screen = new Screen(StandardOutput.open(), System.err, progress(clock), display);
        Connector connector =
                new Connector(new SettingsSources(environment, Path.of(""), home), clock, System.err::println);
        CommandTree commands = new CommandTree(name, screen, connector, clock, Thread::sleep, PushJobs::onSignal);
        System.exit(commands.run(arguments));
    }

    private static Function<PrintStream, Progress> progress(Clock clock) {
        return isTerminal() ? out -> new LiveProgress(out, new TerminalWidth(clock)) : PlainProgress::new;
    }

    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private static void giveNotice(Runnable notice) {
        try {
            notice.run();
        } catch (OutputFailedException _) {
            // The program ends anyway.
        }
    }

    private static Watch onSignal(Runnable notice) {
        Thread hook = new Thread(() -> giveNotice(notice), "interrupted");
        Runtime.getRuntime().addShutdownHook(hook);
        return () -> {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException _) {
                // A signal came at the same time: the notice is being given.
            }
        };
    }
}
