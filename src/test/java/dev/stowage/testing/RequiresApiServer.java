package dev.stowage.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Skips the annotated class or method where a Kubernetes API server and its etcd are missing. CI runs these tests on several
 * versions, unless they are also annotated with {@link OneKubernetesVersion}.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@RequiresProgram(Program.API_SERVER)
@Tag("api-server")
public @interface RequiresApiServer {}
