package org.pushjobs.server.directory;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Names of organisations, users, clients and groups as parts of paths. */
final class ChefName {
    private static final int MAX_LENGTH = 255;
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    /** Some servers decode a path before they split it, or twice. */
    private static final String NEVER_IN_NAMES = "/\\%?#;";

    private ChefName() {}

    /**
     * Whether a Chef server can have somebody or something of this name. Others are not asked for, so that a name that
     * comes from a stranger never makes the path of another resource.
     */
    static boolean isPossible(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_LENGTH
                && !name.equals(".")
                && !name.equals("..")
                && StandardCharsets.UTF_8.newEncoder().canEncode(name)
                && name.chars().noneMatch(c -> Character.isISOControl(c) || NEVER_IN_NAMES.indexOf(c) >= 0);
    }

    /** Everything but unreserved characters percent-encoded, as UTF-8. */
    static String encode(String name) {
        HexFormat hex = HexFormat.of().withUpperCase();
        ByteArrayOutputStream ascii = new ByteArrayOutputStream();
        for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
            if (UNRESERVED.indexOf(octet) >= 0) {
                ascii.write(octet);
            } else {
                ascii.writeBytes(("%" + hex.toHexDigits(octet)).getBytes(StandardCharsets.US_ASCII));
            }
        }
        return ascii.toString(StandardCharsets.US_ASCII);
    }
}
