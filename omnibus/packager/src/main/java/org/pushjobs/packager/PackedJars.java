package org.pushjobs.packager;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The jars that are in a package.
 *
 * @param digests SHA-256 in hexadecimal, by the names of the files
 */
record PackedJars(SortedMap<String, String> digests) {
    PackedJars {
        digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
    }

    static PackedJars in(List<Path> directories) throws IOException {
        SortedMap<String, String> digests = new TreeMap<>();
        for (Path directory : directories) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.sorted().toList()) {
                    digests.put(file.getFileName().toString(), sha256(Files.readAllBytes(file)));
                }
            }
        }
        return new PackedJars(digests);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
