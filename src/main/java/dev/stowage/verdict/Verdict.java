package dev.stowage.verdict;

import java.util.List;
import java.util.Objects;

/** Whether nodes of one profile can run an image. */
public sealed interface Verdict {

    /**
     * They can.
     *
     * @param warnings what may still go wrong on some of them, a sentence each; often none
     */
    record Runs(List<String> warnings) implements Verdict {

        private static final String SEPARATOR = "; also ";

        /** The verdict with this message. */
        public static Runs withMessage(String message) {
            return new Runs(message.isEmpty() ? List.of() : List.of(message.split(SEPARATOR)));
        }

        public Runs {
            warnings = List.copyOf(warnings);
        }

        @Override
        public String label() {
            return "Runs";
        }

        @Override
        public Reason reason() {
            return Reason.RUNS;
        }

        @Override
        public String message() {
            return String.join(SEPARATOR, warnings);
        }
    }

    /**
     * They cannot.
     *
     * @param reason the class of the reason
     * @param message what is wrong, one clause without the names of image and platform, which are shown next to it
     */
    record DoesNotRun(Reason reason, String message) implements Verdict {
        public DoesNotRun {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(message, "message");
        }

        @Override
        public String label() {
            return "DoesNotRun";
        }
    }

    /**
     * It could not be determined.
     *
     * @param reason the class of the reason
     * @param message why, one clause
     */
    record Undetermined(Reason reason, String message) implements Verdict {
        public Undetermined {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(message, "message");
        }

        @Override
        public String label() {
            return "Undetermined";
        }
    }

    /** {@code Runs}, {@code DoesNotRun} or {@code Undetermined}. */
    String label();

    /** The class of the reason; {@link Reason#RUNS} where the image runs. */
    Reason reason();

    /** The reason for people: one clause; for an image that runs its warnings, often empty. */
    String message();
}
