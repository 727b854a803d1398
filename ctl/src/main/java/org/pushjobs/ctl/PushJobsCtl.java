package org.pushjobs.ctl;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import org.pushjobs.ctl.commands.Commands;
import org.pushjobs.ctl.commands.Machine;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.plan.Reconfigure;

/** The program. The only class that exits the process. */
public final class PushJobsCtl {
    /** Names another root directory than {@code /}, for images and trials. */
    public static final String ROOT_PROPERTY = "pushjobs.ctl.root";

    private static final Duration SECOND_THOUGHTS = Duration.ofSeconds(60);

    private PushJobsCtl() {}

    public static void main(String[] arguments) {
        // The server's own configuration, which is on the class path, too, is for a log.
        System.setProperty("logback.configurationFile", "org/pushjobs/ctl/logback.xml");
        Layout layout = new Layout(
                Path.of(System.getProperty(ROOT_PROPERTY, "/")).toAbsolutePath().normalize());
        Machine machine = new Machine(
                layout,
                PushJobsCtl::machineName,
                Reconfigure.PATIENCE,
                SECOND_THOUGHTS,
                new PrintWriter(System.out),
                new PrintWriter(System.err));
        System.exit(new Commands(machine).run(arguments));
    }

    /** As {@code hostname -f} says it, which the Chef server knows its machines by. */
    private static String machineName() {
        try {
            return InetAddress.getLocalHost().getCanonicalHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
