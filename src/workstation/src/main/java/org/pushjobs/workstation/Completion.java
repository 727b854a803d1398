package org.pushjobs.workstation;

import java.util.concurrent.Callable;
import org.pushjobs.workstation.screen.Screen;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pushjobs completion bash}: prints the script that completes commands and options. */
@Command(
        name = "completion",
        description = "Print a script that lets the shell complete commands and options.",
        footerHeading = "%nExample, for ~/.bashrc:%n",
        footer = "  source <(pushjobs completion bash)")
final class Completion implements Callable<Integer> {
    /** A shell that can be helped. */
    enum Shell {
        BASH;

        @Override
        public String toString() {
            return "bash";
        }
    }

    @Parameters(paramLabel = "SHELL", description = "One of: ${COMPLETION-CANDIDATES}.")
    private Shell shell;

    @Spec
    private CommandSpec spec;

    private final Screen screen;

    Completion(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() {
        screen.out()
                .print(
                        switch (shell) {
                            case BASH ->
                                AutoComplete.bash(
                                        spec.root().name(), spec.root().commandLine());
                        });
        screen.out().flush();
        return 0;
    }
}
