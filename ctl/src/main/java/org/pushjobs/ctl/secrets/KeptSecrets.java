package org.pushjobs.ctl.secrets;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pushjobs.ctl.secrets.VeilFile.Rotation;

/**
 * The server's secrets apart from a file: those of its own group, and where the file is its own the superuser's password of the
 * database. What else is in a Chef server's file is the Chef server's to keep. Never printed.
 *
 * @param values by {@code group.name}
 */
public record KeptSecrets(Map<String, String> values) {
    private static final String SUPERUSER_PASSWORD =
            SecretsReader.POSTGRES_GROUP + "." + SecretsReader.SUPERUSER_PASSWORD;

    public KeptSecrets {
        values = Map.copyOf(values);
    }

    /** @param owner whose file it is */
    public static KeptSecrets of(VeilFile file, FileOwner owner) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String name : OwnGroup.NAMES) {
            file.get(OwnGroup.GROUP, name).ifPresent(value -> values.put(OwnGroup.GROUP + "." + name, value));
        }
        if (owner == FileOwner.SERVER) {
            file.get(SecretsReader.POSTGRES_GROUP, SecretsReader.SUPERUSER_PASSWORD)
                    .ifPresent(value -> values.put(SUPERUSER_PASSWORD, value));
        }
        return new KeptSecrets(values);
    }

    /** Whose secrets are in a file. */
    public enum FileOwner {
        SERVER,
        CHEF_SERVER
    }

    /** The names of those that a file has otherwise. */
    public List<String> otherIn(VeilFile file) {
        List<String> others = new ArrayList<>();
        values.forEach((key, value) -> {
            String[] parts = key.split("\\.", 2);
            if (file.get(parts[0], parts[1])
                    .filter(known -> !known.equals(value))
                    .isPresent()) {
                others.add(key);
            }
        });
        others.sort(null);
        return others;
    }

    /** Puts them into a file, in the place of others. */
    public void into(VeilFile file) {
        values.forEach((key, value) -> {
            String[] parts = key.split("\\.", 2);
            if (!file.get(parts[0], parts[1]).map(value::equals).orElse(false)) {
                file.put(
                        parts[0],
                        parts[1],
                        value,
                        parts[0].equals(OwnGroup.GROUP) ? OwnGroup.rotation(parts[1]) : Rotation.ALLOWED);
            }
        });
    }

    /** Whether these are names that a file may get from a backup. */
    public boolean areKnown() {
        return values.keySet().stream()
                .allMatch(key -> key.equals(SUPERUSER_PASSWORD)
                        || OwnGroup.NAMES.stream().anyMatch(name -> key.equals(OwnGroup.GROUP + "." + name)));
    }

    @Override
    public String toString() {
        return "KeptSecrets" + values.keySet();
    }
}
