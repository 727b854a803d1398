package org.pushjobs.ctl.service;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.layout.Layout;

/**
 * The service as a unit of systemd, on machines without a Chef server.
 *
 * @param systemctl the program
 * @param unit the file of the unit
 */
public record Systemd(Path systemctl, Path unit) implements Supervisor {
    private static final String WANTED_BY = "multi-user.target.wants";
    private static final String SUFFIX = ".service";

    static Systemd on(Layout layout) {
        return new Systemd(
                layout.at("/usr/bin/systemctl"),
                layout.at("/etc/systemd/system").resolve(Layout.SERVICE + SUFFIX));
    }

    /** Whether it runs this machine. */
    static boolean isOn(Layout layout) {
        return Files.isDirectory(layout.at("/run/systemd/system"));
    }

    /** The link that has it started at boot. */
    public Path enabledLink() {
        return unit.resolveSibling(WANTED_BY).resolve(unit.getFileName());
    }

    @Override
    public String name() {
        return unit.getFileName().toString().replace(SUFFIX, "");
    }

    @Override
    public boolean isEnabled() {
        return Files.exists(enabledLink(), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public boolean isSupervised() {
        return Files.exists(unit);
    }

    @Override
    public Optional<Long> pid() throws CtlException, InterruptedException {
        String pid = systemctl("show", "--property=MainPID", "--value").text().strip();
        return pid.matches("[1-9][0-9]*") ? Optional.of(Long.parseLong(pid)) : Optional.empty();
    }

    @Override
    public Answer run(Verb verb) throws CtlException, InterruptedException {
        return switch (verb) {
            case STATUS -> systemctl("status", "--no-pager", "--lines=0");
            case START, ONCE -> systemctl("start");
            case STOP -> systemctl("stop");
            case RESTART -> systemctl("restart");
            case HUP, INT, TERM, KILL, USR1, USR2 -> systemctl("kill", "--signal=SIG" + verb.name());
        };
    }

    /** Has it read the unit's file. */
    public Answer reload() throws CtlException, InterruptedException {
        return run(List.of(systemctl.toString(), "daemon-reload"));
    }

    private Answer systemctl(String... arguments) throws CtlException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(systemctl.toString()));
        command.addAll(List.of(arguments));
        command.add(unit.getFileName().toString());
        return run(command);
    }

    private static Answer run(List<String> command) throws CtlException, InterruptedException {
        return Program.run(command, Map.of(), () -> "it belongs to systemd, which runs this machine");
    }

    /** It has it as soon as it was told to read the file. */
    @Override
    public boolean awaitSupervised(Duration limit) {
        return isSupervised();
    }
}
