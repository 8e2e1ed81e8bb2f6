package dev.stowage.build;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Recorded build steps hand values to each other at start-up under keys that one counter numbers for all steps, which run in parallel.
 * Here they are numbered in the order in which they appear, class by class.
 */
final class RecordedKeys {

    private static final Pattern KEY = Pattern.compile("proxykey\\d+");

    private RecordedKeys() {}

    static void apply(GeneratedClasses classes) {
        Map<String, String> renamed = new HashMap<>();
        List<String> using = new ArrayList<>();
        for (String name : classes.names()) {
            List<LdcInsnNode> keys = keys(classes.get(name));
            keys.forEach(key -> renamed.computeIfAbsent((String) key.cst, old -> "proxykey" + renamed.size()));
            if (!keys.isEmpty()) {
                using.add(name);
            }
        }
        using.forEach(name -> classes.change(name, node -> keys(node).forEach(key -> key.cst = renamed.get(key.cst))));
    }

    private static List<LdcInsnNode> keys(ClassNode node) {
        List<LdcInsnNode> keys = new ArrayList<>();
        for (MethodNode method : node.methods) {
            for (AbstractInsnNode instruction : method.instructions) {
                if (instruction instanceof LdcInsnNode constant
                        && constant.cst instanceof String text
                        && KEY.matcher(text).matches()) {
                    keys.add(constant);
                }
            }
        }
        return keys;
    }
}
