package org.pushjobs.server.gateway;

import io.vertx.core.Context;
import org.pushjobs.zmtp.ZmtpConnection;

/** A connection that is open, and to which nothing happens but what a test lets happen. */
abstract class QuietConnection<U> implements ZmtpConnection<U> {
    private final U user;

    QuietConnection(U user) {
        this.user = user;
    }

    @Override
    public long id() {
        return 1;
    }

    @Override
    public String remoteAddress() {
        return "192.0.2.1";
    }

    @Override
    public U user() {
        return user;
    }

    @Override
    public byte[] peerIdentity() {
        return new byte[0];
    }

    @Override
    public Context context() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void execute(Runnable task) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean send(byte[]... frames) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long unwrittenBytes() {
        return 0;
    }

    @Override
    public void pause() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void resume() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isHeldUp(long withinMillis) {
        return false;
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
