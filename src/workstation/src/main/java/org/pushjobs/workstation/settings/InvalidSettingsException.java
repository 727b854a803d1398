package org.pushjobs.workstation.settings;

import java.util.List;

/** Settings are missing or wrong; the message has one line for each problem and says what to do. */
public final class InvalidSettingsException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidSettingsException(List<String> problems) {
        super(String.join("\n", problems));
    }

    InvalidSettingsException(String problem) {
        this(List.of(problem));
    }
}
