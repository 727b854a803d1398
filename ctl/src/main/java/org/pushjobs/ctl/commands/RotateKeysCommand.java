package org.pushjobs.ctl.commands;

import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.plan.KeyRotation;
import org.pushjobs.ctl.plan.KeyRotation.LiveJobs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Gives the server new keys. */
@Command(name = "rotate-keys")
final class RotateKeysCommand implements CtlCommand {
    private final Machine machine;

    @Mixin
    private GlobalOptions options;

    @Option(names = "--adopt", description = "Make no keys: have the server take over those in the file of secrets.")
    private boolean adopt;

    @Option(names = "--now", description = "Do not mind jobs that go on; their nodes become crashed.")
    private boolean now;

    RotateKeysCommand(Machine machine) {
        this.machine = machine;
    }

    @Override
    public About about() {
        return new About(
                "rotate-keys",
                Category.GENERAL,
                "Give the server new keys, which agents take up without a restart.",
                Arguments.SOME);
    }

    @Override
    public int run() throws CtlException, InterruptedException {
        KeyRotation rotation = new KeyRotation(machine.layout(), machine.name(), machine.patience(), machine.out());
        if (adopt) {
            rotation.adopt();
        } else {
            rotation.rotate(now ? LiveJobs.ARE_LOST : LiveJobs.ARE_WAITED_FOR);
        }
        machine.out()
                .println("Agents fetch their configuration again after some heartbeats that they cannot read;"
                        + " pushjobs node status shows when they are back.");
        return 0;
    }
}
