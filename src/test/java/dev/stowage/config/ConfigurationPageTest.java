package dev.stowage.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page lists every key that there is, and no other. */
class ConfigurationPageTest {

    private static final Pattern KEY = Pattern.compile("`([a-zA-Z]+(?:\\[]|\\.\"<host>\"|\\.[a-zA-Z]+)*)`");

    @Test
    void thePageListsEveryKeyAndNoOther() throws Exception {
        Set<String> listed = Files.readAllLines(Path.of("docs/configuration.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|")[1])
                .flatMap(cell -> KEY.matcher(cell).results().map(match -> match.group(1)))
                .filter(key -> !"registries.\"<host>\"".equals(key))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(listed).isEqualTo(keys(StowageConfig.class, "").collect(Collectors.toCollection(TreeSet::new)));
    }

    private static Stream<String> keys(Class<?> group, String prefix) {
        return Arrays.stream(group.getMethods()).flatMap(method -> keys(method, prefix + method.getName()));
    }

    private static Stream<String> keys(Method method, String key) {
        Type type = method.getGenericReturnType();
        if (type instanceof Class<?> one) {
            return isGroup(one) ? keys(one, key + ".") : Stream.of(key);
        }
        ParameterizedType parameterized = (ParameterizedType) type;
        Type[] arguments = parameterized.getActualTypeArguments();
        Type element = arguments[arguments.length - 1];
        boolean group = element instanceof Class<?> one && isGroup(one);
        if (parameterized.getRawType() == Map.class) {
            boolean byHost = key.equals("registries") || key.equals("credentialHelpers");
            String entry = byHost ? key + ".\"<host>\"" : key;
            return group ? keys((Class<?>) element, entry + ".") : Stream.of(entry);
        }
        return group ? keys((Class<?>) element, key + "[].") : Stream.of(key);
    }

    private static boolean isGroup(Class<?> type) {
        return type.isInterface() && type.getName().startsWith(StowageConfig.class.getName());
    }
}
