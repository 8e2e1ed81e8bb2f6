package dev.stowage.fuzz;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Fuzzes every parser for some minutes and prints how many inputs each has seen: {@code Fuzz MINUTES [SEED]}. */
final class Fuzz {

    private static final int TURN = 500;

    private Fuzz() {}

    /** The exit code is 1 if a parser failed; each failure is a line with its input. */
    public static void main(String[] arguments) {
        double minutes = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 1;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        long end = System.nanoTime() + (long) (minutes * TimeUnit.MINUTES.toNanos(1));
        Map<ParserTarget, Integer> inputs = new EnumMap<>(ParserTarget.class);
        Map<ParserTarget, Integer> faults = new EnumMap<>(ParserTarget.class);
        while (System.nanoTime() < end) {
            for (ParserTarget target : ParserTarget.values()) {
                turn(target, random, inputs, faults, end);
            }
        }
        System.out.printf("%-16s %12s %7s%n", "PARSER", "INPUTS", "FAULTS");
        for (ParserTarget target : ParserTarget.values()) {
            System.out.printf(
                    "%-16s %,12d %7d%n", target, inputs.getOrDefault(target, 0), faults.getOrDefault(target, 0));
        }
        System.exit(faults.isEmpty() ? 0 : 1);
    }

    private static void turn(
            ParserTarget target,
            Random random,
            Map<ParserTarget, Integer> inputs,
            Map<ParserTarget, Integer> faults,
            long end) {
        Mutator mutator = new Mutator(random, target.samples());
        for (int i = 0; i < TURN && System.nanoTime() < end; i++) {
            Optional<String> fault = BoundedParse.fault(target, mutator.next());
            inputs.merge(target, 1, Integer::sum);
            if (fault.isPresent()) {
                faults.merge(target, 1, Integer::sum);
                System.out.println(fault.get());
            }
        }
    }
}
