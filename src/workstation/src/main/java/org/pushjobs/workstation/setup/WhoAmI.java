package org.pushjobs.workstation.setup;

import static org.pushjobs.workstation.screen.Screen.printable;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.remote.Permission;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.RequestRefusedException;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.remote.Trial;
import org.pushjobs.workstation.screen.FormatOption;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pushjobs whoami}: as whom the server knows this user, and what he may do. */
@Command(
        name = "whoami",
        description = "Show as whom the server knows you, and what you may do.",
        footerHeading = "%nExamples:%n",
        footer = {"  pushjobs whoami", "  pushjobs whoami --profile staging"})
public final class WhoAmI implements Callable<Integer> {
    @Mixin
    private ConnectionOptions.Common connection;

    @Mixin
    private FormatOption format;

    private final Screen screen;
    private final Connector connector;

    public WhoAmI(Screen screen, Connector connector) {
        this.screen = screen;
        this.connector = connector;
    }

    @Override
    public Integer call() throws InvalidSettingsException, ServerFailure, InterruptedException {
        try (PushJobsClient client = connector.connect(connection)) {
            Trial reading = client.tryToRead();
            if (reading.mayRead() == Permission.UNKNOWN && reading.refusal().isPresent()) {
                RequestRefusedException refusal = reading.refusal().get();
                throw refusal;
            }
            ObjectNode document = JsonNodeFactory.instance
                    .objectNode()
                    .put("user", client.user())
                    .put("organization", client.serverUrl().org())
                    .put("server", client.serverUrl().toString())
                    .put("may_read", reading.mayRead().toString())
                    .put("may_start_jobs", client.tryToWrite().mayWrite().toString())
                    .put("from", client.identityOrigin());
            screen.show(format.format(), document, () -> lines(document));
            return 0;
        }
    }

    private void lines(ObjectNode document) {
        document.properties()
                .forEach(member -> screen.out()
                        .println(printable("%-15s %s"
                                .formatted(
                                        member.getKey().replace('_', ' ') + ":",
                                        member.getValue().asText()))));
    }
}
