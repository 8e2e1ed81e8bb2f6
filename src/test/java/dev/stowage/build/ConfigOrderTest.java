package dev.stowage.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.build.MadeConfig.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On classes of the shape that Quarkus generates, which are then run. */
class ConfigOrderTest {

    private static final List<Mapping> MAPPINGS = List.of(
            new Mapping(String.class, "quarkus.text", true),
            new Mapping(Integer.class, "quarkus.number", false),
            new Mapping(Long.class, "quarkus.number", true),
            new Mapping(Integer.class, "quarkus.another-number", true),
            new Mapping(Double.class, "quarkus.fraction", false));

    @TempDir
    private Path folder;

    private Path jar;

    @BeforeEach
    void jar() {
        jar = folder.resolve("generated-bytecode.jar");
    }

    @Test
    void theOrderOfAHashSetLeavesNoTrace() throws IOException {
        byte[] first = ordered(MAPPINGS);
        for (int seed = 0; seed < 50; seed++) {
            List<Mapping> other = new ArrayList<>(MAPPINGS);
            Collections.shuffle(other, new Random(seed));
            assertThat(ordered(other)).as("%s", other).isEqualTo(first);
        }
    }

    @Test
    void whatIsRegisteredStaysTheSame() throws IOException {
        MadeConfig.write(jar, MAPPINGS);
        List<String> before = MadeConfig.run(jar);
        GeneratedClasses classes = GeneratedClasses.read(jar);
        ConfigOrder.apply(classes);
        classes.write(jar);

        assertThat(MadeConfig.run(jar))
                .containsExactlyInAnyOrderElementsOf(before)
                .hasSize(MAPPINGS.size())
                .contains(
                        "class java.lang.String at quarkus.text is read",
                        "class java.lang.Integer at quarkus.number will be read");
    }

    @Test
    void whatIsOrderedStaysAsItIs() throws IOException {
        byte[] once = ordered(MAPPINGS);
        GeneratedClasses again = GeneratedClasses.read(jar);
        ConfigOrder.apply(again);
        again.write(jar);

        assertThat(Files.readAllBytes(jar)).isEqualTo(once);
    }

    @ParameterizedTest
    @CsvSource({
        "BRANCH, <clinit> has branches",
        "VARIABLE_USED_AGAIN, a variable of a statement that is moved is used elsewhere",
        "FIELD_USED_ELSEWHERE, another/User uses io/quarkus/runtime/generated/SharedConfig"
    })
    void whatIsNotOfTheKnownShapeIsRefused(MadeConfig.Oddity oddity, String why) throws IOException {
        MadeConfig.write(jar, MAPPINGS, oddity);
        GeneratedClasses classes = GeneratedClasses.read(jar);

        assertThatThrownBy(() -> ConfigOrder.apply(classes))
                .isInstanceOf(UnknownShapeException.class)
                .hasMessageContaining(why);
    }

    @Test
    void fieldsKeepTheirMeaningInWhicheverMethodTheyAreUsed() throws IOException {
        List<Mapping> reversed = new ArrayList<>(MAPPINGS);
        Collections.reverse(reversed);
        MadeConfig.write(jar, reversed, MadeConfig.Oddity.TWO_METHODS);
        List<String> before = MadeConfig.run(jar);
        GeneratedClasses classes = GeneratedClasses.read(jar);
        ConfigOrder.apply(classes);
        classes.write(jar);

        assertThat(MadeConfig.run(jar))
                .containsExactlyInAnyOrderElementsOf(before)
                .hasSize(MAPPINGS.size());
    }

    private byte[] ordered(List<Mapping> mappings) throws IOException {
        MadeConfig.write(jar, mappings);
        GeneratedClasses classes = GeneratedClasses.read(jar);
        ConfigOrder.apply(classes);
        classes.write(jar);
        return Files.readAllBytes(jar);
    }
}
