package org.pushjobs.agent;

import java.lang.reflect.Proxy;

/**
 * The process's signals. Java offers them in {@code sun.misc} only, of which the compiler warns without a way to answer;
 * so the classes are looked up by name.
 */
final class Signals {
    private Signals() {}

    /** Runs the action, on a thread of its own, whenever the signal comes. */
    static void on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (_, _, _) -> {
                action.run();
                return null;
            });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java runtime does not let programs handle the signal " + name, e);
        }
    }
}
