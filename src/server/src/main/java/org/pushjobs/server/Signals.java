package org.pushjobs.server;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Signals of the process. The compiler warns of Java's own classes for them and cannot be told not to, so they are found by
 * name.
 */
final class Signals {
    private Signals() {}

    /** From now on HUP runs the action, on a thread of its own, and no longer ends the process. */
    static void onHup(Runnable action) {
        try {
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Method handle = signalType.getMethod("handle", signalType, handlerType);
            Object hup = signalType.getConstructor(String.class).newInstance("HUP");
            handle.invoke(
                    null,
                    hup,
                    Proxy.newProxyInstance(handlerType.getClassLoader(), new Class<?>[] {handlerType}, (_, _, _) -> {
                        action.run();
                        return null;
                    }));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java runtime has no signals", e);
        }
    }
}
