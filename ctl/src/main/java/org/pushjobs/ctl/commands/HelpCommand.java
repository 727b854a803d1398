package org.pushjobs.ctl.commands;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists all commands. */
@Command(name = "help")
final class HelpCommand implements CtlCommand {
    private final Machine machine;
    private final List<CtlCommand> all;

    @Mixin
    private GlobalOptions options;

    /** @param all sorted by category and name when the command runs */
    HelpCommand(Machine machine, List<CtlCommand> all) {
        this.machine = machine;
        this.all = all;
    }

    @Override
    public About about() {
        return new About("help", Category.GENERAL, "Print this help message.", Arguments.NONE);
    }

    @Override
    public int run() {
        PrintWriter out = machine.out();
        out.println(Commands.PROGRAM + ": command (subcommand)");
        for (Category category : Category.values()) {
            out.println(category.title() + ":");
            all.stream()
                    .map(CtlCommand::about)
                    .filter(about -> about.category() == category)
                    .forEach(about -> {
                        out.println("  " + about.name());
                        out.println("    " + about.description());
                    });
        }
        return 0;
    }
}
