package org.pushjobs.server.testing;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Random instances of records, with all that they hold: so a component that was added to one is in them, too. Of a sealed
 * interface the records take turns.
 */
public final class RandomRecords {
    private static final int MOST_ELEMENTS = 4;
    private static final String CHARACTERS = "abcxyzABC019 \0\n\"'\\{}:;,._-/äßé€\uFFFD\u2028\uFEFF";

    private final Random random;
    private final Filling filling;
    private final Map<Class<?>, Supplier<?>> makers = new HashMap<>();
    private final Map<Class<?>, Integer> turns = new HashMap<>();

    /** What is in optionals and lists. */
    public enum Filling {
        NOTHING,
        SOMETHING,
        EITHER
    }

    public RandomRecords(long seed, Filling filling) {
        this.random = new Random(seed);
        this.filling = filling;
    }

    /** Instances of a class that does not take everything are made so. */
    public <T> RandomRecords with(Class<T> type, Supplier<T> maker) {
        makers.put(type, maker);
        return this;
    }

    public <T> T make(Class<T> type) {
        return type.cast(instance(type));
    }

    public <T> List<T> list(Class<T> type) {
        return Stream.generate(() -> make(type)).limit(elements()).toList();
    }

    public String text() {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(random.nextInt(10) == 0 ? 400 : 20);
        for (int i = 0; i < length; i++) {
            if (random.nextInt(50) == 0) {
                text.appendCodePoint(0x1F600 + random.nextInt(40));
            } else {
                text.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
            }
        }
        return text.toString();
    }

    /** Small and large ones of both signs. */
    public long number() {
        return random.nextLong() >> random.nextInt(64);
    }

    private int elements() {
        return switch (filling) {
            case NOTHING -> 0;
            case SOMETHING -> 1 + random.nextInt(MOST_ELEMENTS);
            case EITHER -> random.nextInt(MOST_ELEMENTS);
        };
    }

    private boolean isPresent() {
        return switch (filling) {
            case NOTHING -> false;
            case SOMETHING -> true;
            case EITHER -> random.nextBoolean();
        };
    }

    private Object value(Type type) {
        if (type instanceof ParameterizedType generic) {
            return generic(generic);
        }
        return instance((Class<?>) type);
    }

    private Object generic(ParameterizedType type) {
        Type first = type.getActualTypeArguments()[0];
        Class<?> raw = (Class<?>) type.getRawType();
        if (raw == Optional.class) {
            return isPresent() ? Optional.of(value(first)) : Optional.empty();
        }
        List<Object> elements = new ArrayList<>();
        for (int i = elements(); i > 0; i--) {
            elements.add(value(first));
        }
        if (raw == List.class) {
            return elements;
        }
        if (raw == Map.class) {
            Map<Object, Object> entries = new LinkedHashMap<>();
            elements.forEach(key -> entries.put(key, value(type.getActualTypeArguments()[1])));
            return entries;
        }
        return new HashSet<>(elements);
    }

    private Object instance(Class<?> type) {
        if (makers.containsKey(type)) {
            return makers.get(type).get();
        }
        if (type.isSealed()) {
            Class<?>[] kinds = type.getPermittedSubclasses();
            return instance(kinds[turns.merge(type, 1, Integer::sum) % kinds.length]);
        }
        if (type.isEnum()) {
            Object[] constants = type.getEnumConstants();
            return constants[turns.merge(type, 1, Integer::sum) % constants.length];
        }
        return type.isRecord() ? record(type) : simple(type);
    }

    private Object simple(Class<?> type) {
        return switch (type.getName()) {
            case "java.lang.String" -> text();
            case "long" -> number();
            case "int", "java.lang.Integer" -> (int) number();
            case "boolean" -> random.nextBoolean();
            case "[B" -> bytes();
            case "java.util.OptionalInt" -> isPresent() ? OptionalInt.of((int) number()) : OptionalInt.empty();
            case "java.time.Instant" -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
            case "java.time.Duration" -> Duration.ofSeconds(random.nextInt(), random.nextInt(1_000_000_000));
            default -> throw new AssertionError("no random " + type);
        };
    }

    private byte[] bytes() {
        byte[] bytes = new byte[elements() * 50];
        random.nextBytes(bytes);
        return bytes;
    }

    private Object record(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(components)
                .map(component -> value(component.getGenericType()))
                .toArray();
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new AssertionError(type + " does not take everything: " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
