package org.pushjobs.server.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.jobs.model.IdempotencyKey;
import org.pushjobs.server.rejections.LineQuota;

/** The header {@code Idempotency-Key}: a request that is sent again with the same key and body starts nothing new. */
final class IdempotencyHeader {
    private static final String NAME = "Idempotency-Key";
    private static final int MAX_VALUE_CHARACTERS = 100;

    private IdempotencyHeader() {}

    /**
     * Empty when the request has none.
     *
     * @throws ServerException of status 400 when it is malformed
     */
    static Optional<IdempotencyKey> read(HttpServerRequest request, Buffer body) {
        List<String> values = request.headers().getAll(NAME);
        if (values.isEmpty()) {
            return Optional.empty();
        }
        if (values.size() > 1 || !IdempotencyKey.isValid(values.getFirst())) {
            throw new ServerException(
                    400,
                    "the header " + NAME + " is '"
                            + LineQuota.printable(String.join("', '", values), MAX_VALUE_CHARACTERS)
                            + "' and must be there once and have 1 to " + IdempotencyKey.MAX_LENGTH
                            + " visible ASCII characters");
        }
        return Optional.of(new IdempotencyKey(values.getFirst(), digest(body.getBytes())));
    }

    private static String digest(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
