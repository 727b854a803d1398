package org.pushjobs.workstation;

import java.io.Console;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;
import java.util.function.Function;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.screen.LiveProgress;
import org.pushjobs.workstation.screen.PlainProgress;
import org.pushjobs.workstation.screen.Progress;
import org.pushjobs.workstation.screen.Screen;

/** The {@code pushjobs} command; the only class that may exit the process. */
public final class PushJobs {
    private PushJobs() {}

    /** Exits with 0, 1 or 2: see {@code pushjobs --help}. */
    public static void main(String[] arguments) {
        Clock clock = Clock.systemUTC();
        Map<String, String> environment = System.getenv();
        Screen screen = new Screen(System.out, System.err, progress());
        System.exit(new CommandTree(screen, new Connector(environment, clock), clock, Thread::sleep).run(arguments));
    }

    private static Function<PrintStream, Progress> progress() {
        Console console = System.console();
        return console != null && console.isTerminal() ? LiveProgress::new : PlainProgress::new;
    }
}
