package dev.stowage.bench.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a soak does when; times in seconds.
 *
 * @param seconds how long it takes, without the start
 * @param seed all chance follows from it
 * @param leaderEvery when the leader changes
 * @param killEvery when a replica is killed
 * @param sampleEvery when samples are taken
 */
record SoakPlan(int seconds, long seed, int leaderEvery, int killEvery, int sampleEvery) {

    private static final int MINUTES = 60;
    private static final int SHORT_SECONDS = 20;

    /** As options say: {@code --short}, {@code --minutes N}, {@code --seed N}; empty if they cannot be understood. */
    static Optional<SoakPlan> of(List<String> options) {
        List<String> left = new ArrayList<>(options);
        boolean brief = left.remove("--short");
        try {
            int seconds = (int) (60 * Double.parseDouble(take(left, "--minutes", String.valueOf(MINUTES))));
            long seed = Long.parseLong(take(left, "--seed", String.valueOf(System.currentTimeMillis())));
            if (!left.isEmpty() || seconds < SHORT_SECONDS) {
                return Optional.empty();
            }
            return Optional.of(
                    brief
                            ? new SoakPlan(SHORT_SECONDS, seed, 6, 12, 1)
                            : new SoakPlan(seconds, seed, Math.min(60, seconds / 3), Math.min(600, seconds / 2), 5));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static String take(List<String> options, String name, String otherwise) {
        int at = options.indexOf(name);
        if (at < 0) {
            return otherwise;
        }
        options.remove(at);
        return options.remove(at);
    }

    /** Whether a replica is killed now: between two changes of the leader, and not when it would be left no time to start again. */
    boolean killsAt(int second) {
        return (second + leaderEvery / 2) % killEvery == 0 && second < seconds - leaderEvery;
    }

    String inWords() {
        return "soak of " + seconds + " s, seed " + seed + ", a change of the leader every " + leaderEvery
                + " s, a kill every " + killEvery + " s";
    }
}
