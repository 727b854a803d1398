package org.pushjobs.protocol.message;

import java.util.Objects;

/**
 * Why an agent refuses to commit or to run (protocol 2.1).
 *
 * @param word for programs: {@code busy}, {@code not_whitelisted}, {@code no_such_user}, {@code no_such_directory},
 *     {@code bad_command}, {@code bad_environment}, {@code bad_file}, {@code bad_message}, {@code too_large},
 *     {@code locked}, {@code server_away}, {@code stopping}, {@code not_committed}, {@code start_failed},
 *     {@code preparation_failed}, {@code file_dir_unusable}; later agents may have others
 * @param text for people
 */
public record NackReason(String word, String text) {
    public NackReason {
        Objects.requireNonNull(word, "word");
        Objects.requireNonNull(text, "text");
    }
}
