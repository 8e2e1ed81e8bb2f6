package dev.stowage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** The image of jib and the image of the Dockerfile run Java alike. */
class ImageOptionsTest {

    /** Quarkus adds it to jib's image by itself. */
    private static final String LOG_MANAGER = "-Djava.util.logging.manager=org.jboss.logmanager.LogManager";

    @Test
    void bothImagesHaveTheSameOptions() throws IOException {
        Properties properties = new Properties();
        try (InputStream file = ImageOptionsTest.class.getResourceAsStream("/application.properties")) {
            properties.load(file);
        }
        List<String> jib = new ArrayList<>(List.of(LOG_MANAGER));
        jib.addAll(List.of(
                properties.getProperty("quarkus.jib.jvm-additional-arguments").split(",")));

        assertThat(Files.readAllLines(Path.of("src", "main", "docker", "java.options")))
                .containsExactlyElementsOf(jib);
        assertThat(Path.of("Dockerfile"))
                .content()
                .contains("ENV MALLOC_ARENA_MAX="
                        + properties.getProperty("quarkus.jib.environment-variables.MALLOC_ARENA_MAX"));
    }
}
