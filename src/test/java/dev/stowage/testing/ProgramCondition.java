package dev.stowage.testing;

import java.lang.reflect.AnnotatedElement;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Decides for {@link RequiresProgram}, before anything of the test is made. */
final class ProgramCondition implements ExecutionCondition {

    /** Set (to anything) where a missing program fails the tests instead of skipping them. */
    static final String NO_SKIPS = "STOWAGE_NO_SKIPS";

    private final Function<String, Optional<Path>> finder;
    private final boolean mayNotSkip;

    ProgramCondition() {
        this(Program::find, System.getenv(NO_SKIPS) != null);
    }

    ProgramCondition(Function<String, Optional<Path>> finder, boolean mayNotSkip) {
        this.finder = finder;
        this.mayNotSkip = mayNotSkip;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return context.getElement()
                .map(this::evaluate)
                .orElseGet(() -> ConditionEvaluationResult.enabled("not a class or method"));
    }

    /**
     * The result for a class or method.
     *
     * @throws IllegalStateException when a program is missing and tests may not be skipped
     */
    ConditionEvaluationResult evaluate(AnnotatedElement element) {
        List<String> missing = AnnotationSupport.findRepeatableAnnotations(element, RequiresProgram.class).stream()
                .map(RequiresProgram::value)
                .filter(program -> finder.apply(program).isEmpty())
                .toList();
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("every program is here");
        }
        String reason = missing.stream()
                .map(Program::missing)
                .reduce((one, other) -> one + "; " + other)
                .orElseThrow();
        if (mayNotSkip) {
            throw new IllegalStateException(reason + "; tests may not be skipped, because " + NO_SKIPS + " is set");
        }
        return ConditionEvaluationResult.disabled(reason);
    }
}
