package dev.stowage.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * The annotated class or method runs on the usual version of the API server only, not on the oldest and the newest one: it needs
 * other programs of the same version or of a later one, or takes long for something that does not depend on the version.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Tag("one-kubernetes-version")
public @interface OneKubernetesVersion {}
