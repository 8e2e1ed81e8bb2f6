package dev.stowage.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/** Skips the annotated class or method where Chromium or its driver is missing. CI excludes the tag where it cannot get them. */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@RequiresProgram(Program.CHROMIUM)
@RequiresProgram(Program.CHROMEDRIVER)
@Tag("chromium")
public @interface RequiresChromium {}
