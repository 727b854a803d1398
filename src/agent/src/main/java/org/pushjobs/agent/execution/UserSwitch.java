package org.pushjobs.agent.execution;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.pushjobs.agent.settings.DangerousVariables;

/**
 * What stands before a command that runs as another user. Up to the switch all runs as root, and the job's variables say
 * what the job's user likes: so no program is looked for on the job's {@code PATH}, and those variables that the C
 * library does not heed in privileged programs are set after the switch.
 */
final class UserSwitch {
    private UserSwitch() {}

    /**
     * @param environment of the process; loses the variables that are set later
     * @throws IOException when a program is missing
     */
    static List<String> arguments(Account user, Map<String, String> environment) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                program("setpriv").toString(),
                "--reuid=" + Integer.toUnsignedString(user.uid()),
                "--regid=" + Integer.toUnsignedString(user.gid()),
                "--init-groups",
                "--"));
        List<String> later = takeUnsafeVariables(environment);
        if (!later.isEmpty()) {
            arguments.add(program("env").toString());
            arguments.addAll(later);
        }
        return arguments;
    }

    private static List<String> takeUnsafeVariables(Map<String, String> environment) {
        List<String> taken = new ArrayList<>();
        for (Iterator<Map.Entry<String, String>> all = environment.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<String, String> variable = all.next();
            if (DangerousVariables.C_LIBRARY.has(variable.getKey())) {
                taken.add(variable.getKey() + "=" + variable.getValue());
                all.remove();
            }
        }
        return taken;
    }

    private static Path program(String name) throws IOException {
        return Executables.find(name)
                .orElseThrow(() -> new IOException(name + " is not on the PATH; a job's user cannot be switched to"));
    }
}
