package dev.stowage.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Skips the annotated class or method, before its set-up, where a program is missing. Where {@code STOWAGE_NO_SKIPS} is set it
 * fails instead.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Repeatable(RequiresProgram.List.class)
@ExtendWith(ProgramCondition.class)
public @interface RequiresProgram {

    /** The program's name: {@code helm}. */
    String value();

    /** Several programs. */
    @Documented
    @Inherited
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
    @ExtendWith(ProgramCondition.class)
    @interface List {

        /** One for each program. */
        RequiresProgram[] value();
    }
}
