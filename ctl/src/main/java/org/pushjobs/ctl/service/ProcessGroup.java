package org.pushjobs.ctl.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A process group of Linux.
 *
 * @param id the process that it began with
 */
public record ProcessGroup(long id) {
    private static final int GROUP_FIELD = 2;

    /**
     * That of a process; empty when the process is gone, and for the group of this very program, which nobody means to end.
     */
    public static Optional<ProcessGroup> of(long pid) {
        Optional<ProcessGroup> own = groupOf(ProcessHandle.current().pid()).map(ProcessGroup::new);
        return groupOf(pid)
                .map(ProcessGroup::new)
                .filter(group -> !Optional.of(group).equals(own));
    }

    /** The processes in it. */
    public List<Long> members() {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> groupOf(pid).equals(Optional.of(id)))
                .sorted()
                .toList();
    }

    /** All of them, at once. */
    public void kill() {
        members().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    /** From proc(5), after the command's name, which may hold anything. */
    private static Optional<Long> groupOf(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Optional.of(Long.parseLong(fields[GROUP_FIELD]));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
