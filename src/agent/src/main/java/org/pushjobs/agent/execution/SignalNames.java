package org.pushjobs.agent.execution;

import java.util.List;
import java.util.Optional;

/** Linux' names of the classic signals. */
final class SignalNames {
    private static final List<String> FROM_ONE = List.of(
            "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
            "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
            "WINCH", "IO", "PWR", "SYS");

    private SignalNames() {}

    static Optional<String> of(int number) {
        return number >= 1 && number <= FROM_ONE.size() ? Optional.of(FROM_ONE.get(number - 1)) : Optional.empty();
    }
}
