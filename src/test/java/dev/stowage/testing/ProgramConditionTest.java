package dev.stowage.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;

class ProgramConditionTest {

    @RequiresApiServer
    @RequiresRegistry
    private static class ServerAndRegistry {}

    private static final class Inheriting extends ServerAndRegistry {}

    @RequiresApiServer
    @RequiresProgram("helm")
    @RequiresProgram("kubeconform")
    private static final class ServerAndPrograms {}

    private static final class Nothing {}

    @Test
    void runsWhatNeedsNothing() {
        assertThat(evaluate(Nothing.class).isDisabled()).isFalse();
    }

    @Test
    void runsWhereEveryProgramIsThere() {
        assertThat(evaluate(ServerAndRegistry.class, "kube-apiserver", "registry")
                        .isDisabled())
                .isFalse();
        assertThat(evaluate(ServerAndPrograms.class, "kube-apiserver", "helm", "kubeconform")
                        .isDisabled())
                .isFalse();
    }

    @Test
    void skipsWithOneLineThatSaysWhatIsMissingAndHowToGetIt() {
        assertThat(reason(ServerAndRegistry.class, "registry"))
                .contains("no kube-apiserver on this machine", "hack/kube-binaries gets")
                .doesNotContain("registry on", "\n");
        assertThat(reason(Inheriting.class, "kube-apiserver")).contains("no registry on this machine");
        assertThat(reason(ServerAndPrograms.class, "kube-apiserver", "helm"))
                .isEqualTo("no kubeconform on this machine: KUBE_BIN names the folder with one");
        assertThat(reason(ServerAndPrograms.class, "helm")).contains("no kube-apiserver", "; no kubeconform");
    }

    @Test
    void failsWhereTestsMayNotBeSkipped() {
        ProgramCondition condition = new ProgramCondition(name -> Optional.empty(), true);

        assertThatThrownBy(() -> condition.evaluate(ServerAndPrograms.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no helm")
                .hasMessageContaining("STOWAGE_NO_SKIPS is set");
        assertThat(condition.evaluate(Nothing.class).isDisabled()).isFalse();
    }

    private static String reason(Class<?> element, String... programs) {
        ConditionEvaluationResult result = evaluate(element, programs);
        assertThat(result.isDisabled()).isTrue();
        return result.getReason().orElseThrow();
    }

    private static ConditionEvaluationResult evaluate(Class<?> element, String... programs) {
        Set<String> there = Set.of(programs);
        return new ProgramCondition(name -> Optional.of(Path.of(name)).filter(any -> there.contains(name)), false)
                .evaluate(element);
    }
}
