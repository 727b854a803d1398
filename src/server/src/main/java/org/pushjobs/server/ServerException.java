package org.pushjobs.server;

/**
 * The root of the errors that a caller of the server is told about. Its status is an HTTP status; api maps it to an
 * answer in one place.
 */
public class ServerException extends RuntimeException {
    /** The status of {@link #unavailable}. */
    public static final int UNAVAILABLE = 503;

    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * @param status 400 to 599
     * @param message what was wrong and what to do; shown to the caller
     */
    public ServerException(int status, String message) {
        super(message);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("an error status is 400 to 599, not " + status);
        }
        this.status = status;
    }

    public int status() {
        return status;
    }

    /** Whether the same may succeed later. */
    public static boolean isTemporary(Throwable failure) {
        return failure instanceof ServerException refusal && refusal.status() == UNAVAILABLE;
    }

    /** The server cannot answer now but will be able to later. */
    public static ServerException unavailable(String message) {
        return new ServerException(UNAVAILABLE, message);
    }
}
