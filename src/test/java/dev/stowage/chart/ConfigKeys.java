package dev.stowage.chart;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The keys of the configuration, as the application declares them: {@code nodePools[].name}, {@code registries.*.insecure}. */
final class ConfigKeys {

    private ConfigKeys() {}

    static Set<String> of(Class<?> root) {
        return keys(root, "").collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> keys(Class<?> group, String prefix) {
        return Arrays.stream(group.getMethods()).flatMap(method -> keys(method, prefix + method.getName()));
    }

    private static Stream<String> keys(Method method, String key) {
        if (!(method.getGenericReturnType() instanceof ParameterizedType type)) {
            Class<?> one = method.getReturnType();
            return isGroup(one) ? keys(one, key + ".") : Stream.of(key);
        }
        Type[] arguments = type.getActualTypeArguments();
        if (!(arguments[arguments.length - 1] instanceof Class<?> element) || !isGroup(element)) {
            return Stream.of(key);
        }
        return keys(element, key + (type.getRawType() == Map.class ? ".*." : "[]."));
    }

    private static boolean isGroup(Class<?> type) {
        return type.isInterface()
                && type.isMemberClass()
                && type.getPackageName().equals("dev.stowage.config");
    }
}
