package org.pushjobs.workstation.setup;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.concurrent.Callable;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.screen.FormatOption;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.screen.Table;
import org.pushjobs.workstation.screen.Table.Cell;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.EffectiveSetting;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pushjobs config}: each setting that is made, and where. Asks no server. */
@Command(
        name = "config",
        description = "Show each setting and where it comes from; keys and passwords are not shown.",
        footerHeading = "%nExamples:%n",
        footer = {"  pushjobs config", "  pushjobs config --profile staging -F json"})
public final class ShowConfig implements Callable<Integer> {
    @Mixin
    private ConnectionOptions.Common connection;

    @Mixin
    private FormatOption format;

    private final Screen screen;
    private final Connector connector;

    public ShowConfig(Screen screen, Connector connector) {
        this.screen = screen;
        this.connector = connector;
    }

    @Override
    public Integer call() throws InvalidSettingsException, InterruptedException {
        List<EffectiveSetting> settings = connector.sources().effective(connection);
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        settings.forEach(setting -> array.addObject()
                .put("setting", setting.name())
                .put("value", setting.value())
                .put("from", setting.origin()));
        screen.show(format.format(), array, () -> table(settings));
        return 0;
    }

    private void table(List<EffectiveSetting> settings) {
        if (settings.isEmpty()) {
            screen.err().println("Nothing is set: no option, no variable, no file in ~/.chef.");
            return;
        }
        Table table = new Table("SETTING", "VALUE", "FROM");
        settings.forEach(
                setting -> table.add(Cell.of(setting.name()), Cell.of(setting.value()), Cell.of(setting.origin())));
        table.print(screen, "");
    }
}
