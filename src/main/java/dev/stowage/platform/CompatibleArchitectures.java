package dev.stowage.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The processors whose programs a processor executes, the best first, as containerd lists them (containerd/platforms:
 * compare.go). All names are normalised.
 */
final class CompatibleArchitectures {

    private static final String BASELINE = "";
    private static final int OLDEST_ARM = 5;

    /** v9.0 has all of v8.5, v9.1 all of v8.6, until v8.9. */
    private static final int V8_MINOR_OF_V9 = 5;

    private static final int LAST_V8_MINOR = 9;

    // almost every node is one of these
    private static final CompatibleArchitectures AMD64 = new CompatibleArchitectures(amd64(BASELINE));
    private static final CompatibleArchitectures ARM64 = new CompatibleArchitectures(arm64(BASELINE));

    private final Processor[] best;

    private CompatibleArchitectures(List<Processor> bestFirst) {
        this.best = bestFirst.toArray(Processor[]::new);
    }

    private record Processor(String architecture, String variant) {}

    static CompatibleArchitectures of(String architecture, String variant) {
        return switch (architecture) {
            case "amd64" -> variant.isEmpty() ? AMD64 : new CompatibleArchitectures(amd64(variant));
            case "arm64" -> variant.isEmpty() ? ARM64 : new CompatibleArchitectures(arm64(variant));
            case "arm" -> new CompatibleArchitectures(arm(variant));
            default -> new CompatibleArchitectures(List.of(new Processor(architecture, variant)));
        };
    }

    /** The place of a processor in this list, 0 for the best. */
    OptionalInt rank(String architecture, String variant) {
        for (int i = 0; i < best.length; i++) {
            if (best[i].variant.equals(variant) && best[i].architecture.equals(architecture)) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    private static List<Processor> amd64(String variant) {
        List<Processor> list = new ArrayList<>();
        list.add(new Processor("amd64", variant));
        for (int level = digit(variant, 1) - 1; level > 1; level--) {
            list.add(new Processor("amd64", "v" + level));
        }
        if (digit(variant, 1) > 1) {
            list.add(new Processor("amd64", BASELINE));
        }
        list.add(new Processor("386", BASELINE));
        return list;
    }

    private static List<Processor> arm(String variant) {
        List<Processor> list = new ArrayList<>();
        list.add(new Processor("arm", variant));
        for (int version = digit(variant, 1) - 1; version >= OLDEST_ARM; version--) {
            list.add(new Processor("arm", "v" + version));
        }
        return list;
    }

    private static List<Processor> arm64(String variant) {
        List<Processor> list = new ArrayList<>();
        list.add(new Processor("arm64", variant));
        int major = variant.isEmpty() ? 8 : digit(variant, 1);
        int minor = variant.length() > 2 ? Math.max(0, digit(variant, 3)) : 0;
        if (major == 9) {
            addMinors(list, "v9", "v9", minor - 1);
            addMinors(list, "v8", BASELINE, Math.min(minor + V8_MINOR_OF_V9, LAST_V8_MINOR));
        } else if (major == 8 && !variant.isEmpty()) {
            addMinors(list, "v8", BASELINE, minor - 1);
        }
        list.addAll(arm("v8"));
        return list;
    }

    /** Adds the minors of a major version from this one down to zero, whose name is special. */
    private static void addMinors(List<Processor> list, String major, String zero, int from) {
        for (int minor = from; minor >= 0; minor--) {
            list.add(new Processor("arm64", minor == 0 ? zero : major + "." + minor));
        }
    }

    /** The last digit of a variant such as {@code v3} or {@code v9.2}, which stands at this place; -1 when it is not like that. */
    private static int digit(String variant, int at) {
        boolean there = variant.startsWith("v") && at < variant.length();
        return there ? Character.digit(variant.charAt(at), 10) : -1;
    }
}
