package dev.stowage.report.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageKeyTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "nginx, nginx-latest",
        "nginx:1.27, nginx-1.27",
        "registry.example:5000/team/Web_App:V1_0, web-app-v1-0",
        "ghcr.io/a/web__app:v1_0.., web-app-v1-0",
        "ghcr.io/a/web--app:v1_0--b, web-app-v1-0-b",
        "ghcr.io/a/app@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, app",
        "x/"
                + "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy:1, yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",
        "'!!!', image"
    })
    void namesAreReadableAndValid(String image, String tail) {
        String name = ImageKey.of("shop", image, "docker.io").reportName();

        assertThat(name)
                .matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
                .hasSizeLessThanOrEqualTo(63);
        assertThat(name).startsWith(tail + "-");
    }

    @Test
    void oneImageHasOneNameHoweverItIsWritten() {
        assertThat(ImageKey.of("shop", "nginx", "docker.io").reportName())
                .isEqualTo(ImageKey.of("shop", "docker.io/library/nginx:latest", "docker.io")
                        .reportName())
                .isNotEqualTo(ImageKey.of("shop", "docker.io/library/nginx:1", "docker.io")
                        .reportName());
    }
}
