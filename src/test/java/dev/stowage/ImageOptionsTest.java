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

/** The image of jib and the image of the Dockerfile run Java alike, as any user, where nothing can be written. */
class ImageOptionsTest {

    /** Quarkus adds it to jib's image by itself. */
    private static final String LOG_MANAGER = "-Djava.util.logging.manager=org.jboss.logmanager.LogManager";

    private static Properties properties() throws IOException {
        Properties properties = new Properties();
        try (InputStream file = ImageOptionsTest.class.getResourceAsStream("/application.properties")) {
            properties.load(file);
        }
        return properties;
    }

    @Test
    void bothImagesRunAsTheSameNumericUserWithTheSamePorts() throws IOException {
        Properties properties = properties();

        // the kubelet admits no name where runAsNonRoot is set
        assertThat(properties.getProperty("quarkus.jib.user")).matches("[1-9][0-9]*:[1-9][0-9]*");
        assertThat(Files.readAllLines(Path.of("Dockerfile")))
                .contains(
                        "USER " + properties.getProperty("quarkus.jib.user"),
                        "EXPOSE " + properties.getProperty("quarkus.jib.ports").replace(',', ' '));
    }

    @Test
    void anyUserMayReadWhatTheDockerfileCopies() throws IOException {
        assertThat(Files.readAllLines(Path.of("Dockerfile")))
                .filteredOn(line -> line.startsWith("COPY ") || line.startsWith("ADD "))
                .hasSizeGreaterThan(5)
                .allMatch(line -> line.matches("COPY (--from=\\w+ )?--chmod=(755|644) .*"));
    }

    /** Vert.x would make folders for copies of resources, and fail on a read-only root file system. */
    @Test
    void nothingIsWrittenAtTheStart() throws IOException {
        assertThat(properties())
                .containsEntry("quarkus.vertx.caching", "false")
                .containsEntry("quarkus.vertx.classpath-resolving", "false");
    }

    @Test
    void bothImagesHaveTheSameOptions() throws IOException {
        Properties properties = properties();
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
