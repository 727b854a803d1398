package org.pushjobs.config.settings;

import java.util.Objects;

/**
 * What a setting is, for {@code --check-config} and the log.
 *
 * @param name its key in the file
 * @param value as it would be written in the file; a password is replaced by asterisks
 * @param unit of the value, empty when it has none
 * @param isDefault whether the file does not name it
 */
public record EffectiveSetting(String name, String value, String unit, boolean isDefault) {
    public EffectiveSetting {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(unit, "unit");
    }
}
