package org.pushjobs.ctl.commands;

import java.util.EnumSet;
import java.util.Set;
import org.pushjobs.ctl.doctor.Doctor;
import org.pushjobs.ctl.doctor.Finding;
import org.pushjobs.ctl.doctor.Finding.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what is wrong, with a status that monitors understand: 0 nothing, 1 warnings, 2 something is wrong. */
@Command(name = "doctor")
final class DoctorCommand implements CtlCommand {
    private final Machine machine;

    @Mixin
    private GlobalOptions options;

    DoctorCommand(Machine machine) {
        this.machine = machine;
    }

    @Override
    public About about() {
        return new About(
                "doctor",
                Category.GENERAL,
                "Look for what is wrong with the server, and say what to do.",
                Arguments.NONE);
    }

    @Override
    public int run() throws InterruptedException {
        Set<Level> seen = EnumSet.of(Level.GOOD);
        new Doctor(machine.layout(), machine.name()).examine(finding -> {
            seen.add(finding.level());
            show(finding);
        });
        return seen.stream().mapToInt(Level::ordinal).max().orElse(0);
    }

    private void show(Finding finding) {
        if (finding.level() != Level.GOOD || !options.isQuiet()) {
            machine.out().printf("%-8s %-11s %s%n", finding.level().word(), finding.about(), finding.text());
            machine.out().flush();
        }
    }
}
