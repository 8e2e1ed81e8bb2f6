package dev.stowage.build;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Quarkus notes in static fields which classes settings are mapped to, and numbers the fields as a hash set of classes gives them:
 * in another order in each Java process. Here they are sorted by class and prefix, and numbered so. The order has no meaning: the
 * statements that are moved only register what stands in them.
 */
final class ConfigOrder {

    private static final String PACKAGE = "io/quarkus/runtime/generated/";
    private static final String SHARED = PACKAGE + "SharedConfig";
    private static final List<String> CUSTOMIZERS =
            List.of(PACKAGE + "RunTimeConfigCustomizer", PACKAGE + "StaticInitConfigCustomizer");
    private static final List<String> NUMBERED = List.of("configClass$", "mapping$");

    /** Class and prefix by the name of the field that stands for them. */
    private final Map<String, String> meanings = new HashMap<>();

    private final Map<String, String> renamed = new HashMap<>();

    private ConfigOrder() {}

    static void apply(GeneratedClasses classes) {
        for (String name : classes.names()) {
            boolean known = name.equals(SHARED) || CUSTOMIZERS.contains(name);
            if (!known && classes.get(name).methods.stream().anyMatch(ConfigOrder::usesShared)) {
                throw new UnknownShapeException(name + " uses " + SHARED);
            }
        }
        ConfigOrder order = new ConfigOrder();
        classes.change(SHARED, order::shared);
        CUSTOMIZERS.forEach(name -> classes.change(name, order::customizer));
    }

    private void shared(ClassNode node) {
        MethodNode initializer = method(node, "<clinit>");
        List<Statement> statements = Statement.of(initializer, end -> Statement.isStore(end) || Statement.isCall(end));
        for (Statement statement : statements) {
            if (isNumbered(statement.target())) {
                meanings.put(statement.target(), statement.constants());
            }
        }
        NUMBERED.forEach(this::number);
        replace(initializer, sorted(statements, ConfigOrder::placeInShared));
        node.fields.forEach(field -> field.name = renamed.getOrDefault(field.name, field.name));
        NUMBERED.forEach(kind -> sortFields(node.fields, kind));
        node.methods.forEach(this::rename);
    }

    private void customizer(ClassNode node) {
        for (MethodNode method : node.methods) {
            if (usesShared(method)) {
                replace(method, sorted(Statement.of(method, Statement::isCall), this::placeInCustomizer));
                rename(method);
            }
        }
    }

    /** First the classes, then what they need loaded; what is read of the settings stands further on. */
    private static Optional<String> placeInShared(Statement statement) {
        if (statement.target().startsWith("configClass$")) {
            return Optional.of("1 " + statement.constants());
        }
        if (statement.call().equals("ensureLoaded")) {
            return Optional.of("2 " + statement.constants());
        }
        return statement.target().startsWith("mapping$") ? Optional.of("3 " + statement.constants()) : Optional.empty();
    }

    /** First those that are read already, then the others. */
    private Optional<String> placeInCustomizer(Statement statement) {
        return switch (statement.call()) {
            case "withMappingInstance" -> Optional.of("1 " + meaning(statement.source()));
            case "withMapping" -> Optional.of("2 " + meaning(statement.source()));
            default -> Optional.empty();
        };
    }

    private String meaning(String field) {
        return Optional.ofNullable(meanings.get(field))
                .orElseThrow(
                        () -> new UnknownShapeException("a mapping is registered by a field named '" + field + "'"));
    }

    private void number(String kind) {
        Map<String, String> fields = new TreeMap<>();
        meanings.forEach((field, meaning) -> {
            if (field.startsWith(kind) && fields.put(meaning, field) != null) {
                throw new UnknownShapeException("two fields stand for " + meaning);
            }
        });
        int number = 0;
        for (String field : fields.values()) {
            renamed.put(field, kind + number++);
        }
    }

    /** Sorts each run of statements that have a place; the others stay where they are. */
    private static List<Statement> sorted(List<Statement> statements, Function<Statement, Optional<String>> place) {
        requireOwnVariables(statements, place);
        List<Statement> result = new ArrayList<>();
        List<Statement> run = new ArrayList<>();
        for (Statement statement : statements) {
            if (place.apply(statement).isPresent()) {
                run.add(statement);
            } else {
                result.addAll(sortedRun(run, place));
                run.clear();
                result.add(statement);
            }
        }
        result.addAll(sortedRun(run, place));
        return result;
    }

    /** What a statement that is moved stores, nothing else may read: it would read another's. */
    private static void requireOwnVariables(List<Statement> statements, Function<Statement, Optional<String>> place) {
        Map<Integer, Statement> owners = new HashMap<>();
        statements.stream()
                .filter(statement -> place.apply(statement).isPresent())
                .forEach(statement -> statement.variables().forEach(variable -> owners.put(variable, statement)));
        for (Statement statement : statements) {
            for (AbstractInsnNode instruction : statement.instructions()) {
                if (instruction instanceof VarInsnNode use && owners.getOrDefault(use.var, statement) != statement) {
                    throw new UnknownShapeException("a variable of a statement that is moved is used elsewhere");
                }
            }
        }
    }

    private static List<Statement> sortedRun(List<Statement> run, Function<Statement, Optional<String>> place) {
        List<Integer> variables = run.stream()
                .flatMap(statement -> statement.variables().stream())
                .sorted()
                .toList();
        List<Statement> result = run.stream()
                .sorted(Comparator.comparing(statement -> place.apply(statement).orElseThrow()))
                .toList();
        int next = 0;
        for (Statement statement : result) {
            Map<Integer, Integer> moved = new HashMap<>();
            for (Integer variable : statement.variables()) {
                moved.put(variable, variables.get(next++));
            }
            for (AbstractInsnNode instruction : statement.instructions()) {
                if (instruction instanceof VarInsnNode use) {
                    use.var = moved.getOrDefault(use.var, use.var);
                }
            }
        }
        return result;
    }

    private static void replace(MethodNode method, List<Statement> statements) {
        for (AbstractInsnNode instruction : method.instructions.toArray()) {
            method.instructions.remove(instruction);
        }
        statements.forEach(statement -> statement.instructions().forEach(method.instructions::add));
    }

    private void rename(MethodNode method) {
        for (AbstractInsnNode instruction : method.instructions) {
            if (isShared(instruction)) {
                FieldInsnNode use = (FieldInsnNode) instruction;
                use.name = renamed.getOrDefault(use.name, use.name);
            }
        }
    }

    /** Fields of one kind take the places that such fields have, in the order of their numbers. */
    private static void sortFields(List<FieldNode> fields, String kind) {
        List<FieldNode> ordered = fields.stream()
                .filter(field -> field.name.startsWith(kind))
                .sorted(Comparator.comparingInt(field -> Integer.parseInt(field.name.substring(kind.length()))))
                .toList();
        int next = 0;
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name.startsWith(kind)) {
                fields.set(i, ordered.get(next++));
            }
        }
    }

    private static boolean usesShared(MethodNode method) {
        return Stream.of(method.instructions.toArray()).anyMatch(ConfigOrder::isShared);
    }

    private static boolean isShared(AbstractInsnNode instruction) {
        return instruction instanceof FieldInsnNode use && use.owner.equals(SHARED);
    }

    private static boolean isNumbered(String field) {
        return NUMBERED.stream().anyMatch(field::startsWith);
    }

    private static MethodNode method(ClassNode node, String name) {
        return node.methods.stream()
                .filter(method -> method.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new UnknownShapeException(node.name + " has no method " + name));
    }
}
