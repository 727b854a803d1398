package org.pushjobs.server.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.pushjobs.server.ServerException;

/** Reads request bodies within their limits. */
final class RequestBody {
    private final HttpLimits limits;

    RequestBody(HttpLimits limits) {
        this.limits = limits;
    }

    /**
     * Reads the whole body; to be called in the same turn of the event loop as the request arrived in. Fails with status
     * 413 as soon as it is known to be too long and with 408 when it does not come in time; what comes then is dropped.
     */
    Future<Buffer> read(HttpServerRequest request) {
        if (declaredLength(request) > limits.maxBodyBytes()) {
            return Future.failedFuture(tooLong());
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        Promise<Buffer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        request.handler(part -> {
            if (body.length() + part.length() > limits.maxBodyBytes()) {
                whole.tryFail(tooLong());
            } else if (!whole.future().isComplete()) {
                body.appendBuffer(part);
            }
        });
        request.exceptionHandler(_ -> whole.tryFail(malformed()));
        request.endHandler(_ -> whole.tryComplete(body));
        return whole.future()
                .timeout(limits.bodyTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(failure instanceof TimeoutException ? tooSlow() : failure));
    }

    private static long declaredLength(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length.strip());
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private ServerException tooLong() {
        return new ValidationException(413, "JSON must be no more than " + limits.maxBodyBytes() + " bytes.");
    }

    private static ServerException malformed() {
        return new ServerException(400, "the request body is malformed or was cut off");
    }

    private ServerException tooSlow() {
        return new ServerException(
                408,
                "the request body did not arrive within " + limits.bodyTimeout().toSeconds() + " s");
    }
}
