package org.pushjobs.ctl.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Whether there is room where the server writes. */
final class DiskExamination implements Examination {
    private static final String ABOUT = "disk";
    private static final long MIB = 1 << 20;

    /** Bytes: one file of the log, and something beside it. */
    private static final long LEAST = 200 * MIB;

    private static final long SCANT = 1024 * MIB;

    @Override
    public List<Finding> of(Patient patient) {
        Map<FileStore, Set<Path>> stores = new LinkedHashMap<>();
        for (String directory : List.of(
                patient.installation().serverDirectory(), patient.installation().logDirectory(), "/etc")) {
            Path path = existing(patient.layout().at(directory));
            try {
                stores.computeIfAbsent(Files.getFileStore(path), _ -> new TreeSet<>())
                        .add(path);
            } catch (IOException e) {
                return List.of(
                        Finding.wrong(ABOUT, path + " cannot be looked at (" + e + "); run this command as root"));
            }
        }
        return stores.entrySet().stream()
                .map(entry -> finding(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Finding finding(FileStore store, Set<Path> paths) {
        String where = String.join(", ", paths.stream().map(Objects::toString).toList());
        try {
            long free = store.getUsableSpace();
            String text = where + ": " + free / MIB + " MiB free";
            if (store.isReadOnly()) {
                return Finding.wrong(ABOUT, where + " is read-only; look at what the kernel says of the disk (dmesg)");
            }
            if (free < LEAST) {
                return Finding.wrong(ABOUT, text + "; make room, or nothing can be written soon");
            }
            return free < SCANT
                    ? Finding.warning(ABOUT, text + "; make room: the log alone may take more")
                    : Finding.good(ABOUT, text);
        } catch (IOException e) {
            return Finding.wrong(ABOUT, where + " cannot be looked at (" + e + ")");
        }
    }

    /** What will be on the same disk as a directory that may not be there yet. */
    private static Path existing(Path path) {
        Path there = path;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }
}
