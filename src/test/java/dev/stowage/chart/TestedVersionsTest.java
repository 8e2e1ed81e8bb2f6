package dev.stowage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Chart and pages claim the Kubernetes versions that the tests run on. */
class TestedVersionsTest {

    private static final Pattern KUBERNETES = Pattern.compile("(?m)^\\tk8s\\.io/kubernetes v(\\S+)$");
    private static final Pattern MINOR = Pattern.compile("^\\d+\\.\\d+");

    @Test
    @DisplayName("the chart installs on the oldest tested version and newer ones")
    void chart() throws IOException {
        assertThat(Files.readString(Chart.FOLDER.resolve("Chart.yaml")))
                .contains("\nkubeVersion: \">=" + version("oldest") + "-0\"\n");
    }

    @Test
    @DisplayName("the pages name the tested versions")
    void pages() throws IOException {
        assertThat(Files.readString(Path.of("docs", "compatibility.md")))
                .contains(
                        "\n| " + version("oldest") + ", the oldest that the chart installs on |",
                        "\n| " + version("go") + " |",
                        "\n| " + version("newest") + ", the newest |");
        assertThat(Files.readString(Path.of("README.md")))
                .contains(" on " + version("oldest") + ", " + version("go") + " and " + version("newest") + ".\n");
        Matcher minor = MINOR.matcher(version("oldest"));
        assertThat(minor.find()).isTrue();
        assertThat(Files.readString(Path.of("docs", "install.md")))
                .contains("\nKubernetes " + minor.group() + " or newer (");
    }

    /** The version whose API server {@code hack/kube-binaries} builds from these modules. */
    private static String version(String modules) throws IOException {
        Matcher matcher = KUBERNETES.matcher(Files.readString(Path.of("hack", "kube-binaries.d", modules + ".mod")));
        assertThat(matcher.find()).as(modules).isTrue();
        return matcher.group(1);
    }
}
