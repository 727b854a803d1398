package org.pushjobs.workstation.completion;

import java.util.concurrent.Callable;
import org.pushjobs.workstation.screen.Screen;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pushjobs completion SHELL}: prints the script that lets a shell complete the program's words. */
@Command(
        name = "completion",
        description = {
            "Print a script that lets the shell complete commands, options, names of nodes, IDs of jobs, and profiles."
        },
        footerHeading = "%nExamples, for ~/.bashrc, ~/.zshrc and ~/.config/fish/config.fish:%n",
        footer = {
            "  source <(pushjobs completion bash)",
            "  source <(pushjobs completion zsh)",
            "  pushjobs completion fish | source"
        })
public final class Completion implements Callable<Integer> {
    @Parameters(paramLabel = "SHELL", description = "One of: ${COMPLETION-CANDIDATES}.")
    private Shell shell;

    @Spec
    private CommandSpec spec;

    private final Screen screen;

    public Completion(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() {
        screen.out().print(shell.script(spec.root().name()));
        screen.out().flush();
        return 0;
    }
}
