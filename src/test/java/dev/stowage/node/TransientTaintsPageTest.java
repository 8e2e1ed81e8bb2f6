package dev.stowage.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The taints that docs/how-it-decides.md calls temporary are. */
class TransientTaintsPageTest {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    @ParameterizedTest(name = "{0}")
    @MethodSource("documented")
    void aDocumentedTaintIsTemporary(String key) {
        assertThat(new Taint(key, "", "NoSchedule").isTemporary()).isTrue();
    }

    @Test
    void thePageListsThem() throws IOException {
        assertThat(documented()).hasSizeGreaterThan(20);
    }

    static Stream<String> documented() throws IOException {
        String page = Files.readString(Path.of("docs/how-it-decides.md"));
        List<String> keys = new ArrayList<>();
        page.substring(page.indexOf("<!-- transient taints -->"))
                .lines()
                .skip(1)
                .takeWhile(line -> line.startsWith("- "))
                .forEach(line -> keys.addAll(keys(line)));
        return keys.stream();
    }

    /** Domains, which end with a slash, and names: each of both together. */
    private static List<String> keys(String line) {
        List<String> domains = new ArrayList<>();
        List<String> names = new ArrayList<>();
        Matcher code = CODE.matcher(line);
        while (code.find()) {
            (code.group(1).endsWith("/") ? domains : names).add(code.group(1));
        }
        if (names.isEmpty()) {
            names.add("anything");
        }
        List<String> keys = new ArrayList<>();
        domains.forEach(domain -> names.forEach(name -> keys.add(domain + name)));
        return keys;
    }
}
