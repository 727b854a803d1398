package org.pushjobs.server.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializable;
import java.io.Serializable;
import java.util.concurrent.atomic.AtomicInteger;

/** A class of ours that a stranger names. What counts is that it is made. */
public final class Canary implements DataSerializable {
    static final AtomicInteger MADE = new AtomicInteger();

    public Canary() {
        MADE.incrementAndGet();
    }

    @Override
    public void writeData(ObjectDataOutput out) {}

    @Override
    public void readData(ObjectDataInput in) {}

    /** The same for Java's own serialisation. */
    static final class Gadget implements Serializable {
        private static final long serialVersionUID = 1L;
    }
}
