package dev.stowage.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the packaged application; {@code hack/reproducible-image} compares two whole builds. */
class ReproducibleBuildIT {

    private static final Path APPLICATION = Path.of("target", "quarkus-app");

    @TempDir
    private Path folder;

    @Test
    void generatedClassesAreInOrder() throws IOException {
        Path jar = APPLICATION.resolve("quarkus").resolve("generated-bytecode.jar");
        GeneratedClasses classes = GeneratedClasses.read(jar);
        ConfigOrder.apply(classes);
        RecordedKeys.apply(classes);
        Path again = folder.resolve("again.jar");
        classes.write(again);

        assertThat(again).hasSameBinaryContentAs(jar);
    }

    @Test
    void whatServesTheBuildAloneIsNotPackaged() throws IOException {
        List<Path> jars;
        try (Stream<Path> files = Files.list(APPLICATION.resolve("app"))) {
            jars = files.toList();
        }
        assertThat(jars).hasSize(1);
        try (ZipFile jar = new ZipFile(jars.get(0).toFile())) {
            assertThat(jar.stream().map(Object::toString))
                    .contains("dev/stowage/serve/Composition.class")
                    .noneMatch(name -> name.startsWith("dev/stowage/build/") && name.endsWith(".class"))
                    .noneMatch(name -> name.endsWith("build-steps.list"));
        }
    }
}
