package dev.stowage.workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Counts what is kept of one object while it is read, until a limit is exceeded. */
final class ReductionLimits {

    /** The kinds of fields that have a limit of their own. */
    enum Kind {
        CONTAINER,
        SELECTOR_VALUE,
        OTHER
    }

    /** Those of some ten pod templates. */
    private static final int LARGE_CONTAINER_LISTS = 20;

    private static final String SELECTOR_VALUES = "node selector values and tolerations";

    private final ReviewBudget budget;
    private final boolean limited;
    private int containers;
    private int selectorValues;
    private int containerLists;
    private int fields;
    private int characters;
    private int depth;
    private @Nullable String excess;

    ReductionLimits(ReviewBudget budget) {
        this(budget, true);
    }

    private ReductionLimits(ReviewBudget budget, boolean limited) {
        this.budget = budget;
        this.limited = limited;
    }

    /** Everything that is needed is kept, except what is too deep for a stack, and selector values beyond the default limit. */
    static ReductionLimits ofStored() {
        return new ReductionLimits(ReviewBudget.DEFAULT, false);
    }

    /** Counts a field or a list item of this kind. */
    void count(Kind kind) {
        switch (kind) {
            case CONTAINER -> containers = more(containers, budget.containers(), "containers and volumes");
            case SELECTOR_VALUE -> selectorValues = more(selectorValues, budget.selectorValues(), SELECTOR_VALUES);
            case OTHER -> {}
        }
        fields = more(fields, ReviewBudget.FIELDS, "fields");
    }

    /** Counts a list of containers or volumes: many of them are many pod templates, each with its own nodes to find. */
    void countContainerList() {
        containerLists++;
    }

    /** Counts the characters of a name or a string. */
    void countCharacters(int length) {
        characters += length;
        if (characters > ReviewBudget.CHARACTERS) {
            exceed(ReviewBudget.CHARACTERS, "characters in names");
        }
    }

    private int more(int counted, int limit, String unit) {
        if (counted >= limit) {
            exceed(limit, unit);
        }
        return counted + 1;
    }

    private void exceed(int limit, String unit) {
        if (limited && excess == null) {
            excess = moreThan(limit, unit);
        }
    }

    private static String moreThan(int limit, String unit) {
        return String.format(Locale.ROOT, "more than %,d %s", limit, unit);
    }

    /** Goes one level deeper; fields that are needed are not deep, and reading them is recursive. */
    void enter() {
        depth++;
        if (depth > ReviewBudget.LEVELS) {
            exceed(ReviewBudget.LEVELS, "levels");
        }
    }

    void leave() {
        depth--;
    }

    /** Whether what is deeper is left out without exceeding a limit. */
    boolean tooDeep() {
        return !limited && depth >= ReviewBudget.LEVELS;
    }

    boolean exceeded() {
        return excess != null;
    }

    /** Whether what was just counted as this kind is not kept. */
    boolean leavesOut(Kind kind) {
        return exceeded() || kind == Kind.SELECTOR_VALUE && tooManySelectorValues();
    }

    private boolean tooManySelectorValues() {
        return selectorValues > budget.selectorValues();
    }

    ReducedObject reduced(JsonNode kept) {
        String exceeded =
                excess == null && tooManySelectorValues() ? moreThan(budget.selectorValues(), SELECTOR_VALUES) : excess;
        return new ReducedObject(kept, Optional.ofNullable(exceeded), isLarge());
    }

    private boolean isLarge() {
        return containers > budget.containers() / 10
                || containerLists > LARGE_CONTAINER_LISTS
                || selectorValues > budget.selectorValues() / 10
                || fields > ReviewBudget.FIELDS / 10
                || characters > ReviewBudget.CHARACTERS / 10;
    }
}
