package dev.stowage.soak;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Tells what grows from what only goes up and down: compares the second quarter of a soak's readings with the last one. */
public final class Growth {

    /** The most that growth between two quarters of a soak may be before it counts: a fifth, and what chance explains. */
    private static final double SLACK = 1.2;

    private Growth() {}

    /**
     * Whether something has grown, in words; empty when it is flat.
     *
     * @param readings at equal intervals
     * @param chance by how much it may grow in addition to a fifth
     */
    public static Optional<String> of(String what, double[] readings, double chance) {
        double early = quarter(readings, 2);
        double late = quarter(readings, 4);
        return late > early * SLACK + chance
                ? Optional.of(String.format(Locale.ROOT, "%s grew from %.0f to %.0f", what, early, late))
                : Optional.empty();
    }

    /**
     * The average of a quarter of the readings; not a number if there are none in it.
     *
     * @param number from 1 to 4
     */
    public static double quarter(double[] readings, int number) {
        int quarter = readings.length / 4;
        return Arrays.stream(readings, (number - 1) * quarter, number == 4 ? readings.length : number * quarter)
                .average()
                .orElse(Double.NaN);
    }
}
