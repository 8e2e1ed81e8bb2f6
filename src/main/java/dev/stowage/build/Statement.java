package dev.stowage.build;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/** What stands on one line of the source that a method of generated code never had: instructions that leave nothing on the stack. */
record Statement(List<AbstractInsnNode> instructions) {

    /** The statements of a method without branches, the last of which ends with the return. */
    static List<Statement> of(MethodNode method, Predicate<AbstractInsnNode> end) {
        List<Statement> statements = new ArrayList<>();
        List<AbstractInsnNode> open = new ArrayList<>();
        for (AbstractInsnNode instruction : method.instructions) {
            // without what is for debuggers, only branches and handlers need labels
            if (instruction.getOpcode() < 0) {
                throw new UnknownShapeException(method.name + " has branches");
            }
            open.add(instruction);
            if (end.test(instruction) || instruction.getOpcode() == Opcodes.RETURN) {
                statements.add(new Statement(List.copyOf(open)));
                open.clear();
            }
        }
        if (!open.isEmpty()) {
            statements.add(new Statement(List.copyOf(open)));
        }
        return statements;
    }

    static boolean isCall(AbstractInsnNode instruction) {
        return instruction instanceof MethodInsnNode call && call.desc.endsWith(")V") && !call.name.equals("<init>");
    }

    static boolean isStore(AbstractInsnNode instruction) {
        return instruction.getOpcode() == Opcodes.PUTSTATIC || instruction.getOpcode() == Opcodes.ASTORE;
    }

    /** The method that is called last of all, or an empty string when the statement ends otherwise. */
    String call() {
        return last() instanceof MethodInsnNode call ? call.name : "";
    }

    /** The static field that the statement's value goes to, or an empty string. */
    String target() {
        return last().getOpcode() == Opcodes.PUTSTATIC ? ((FieldInsnNode) last()).name : "";
    }

    /** The static field that is read first, or an empty string. */
    String source() {
        return instructions.get(0).getOpcode() == Opcodes.GETSTATIC ? ((FieldInsnNode) instructions.get(0)).name : "";
    }

    /** Its constants, texts and classes alike, in their order. */
    String constants() {
        StringBuilder text = new StringBuilder();
        for (AbstractInsnNode instruction : instructions) {
            if (instruction instanceof LdcInsnNode constant) {
                text.append(constant.cst).append(' ');
            }
        }
        return text.toString();
    }

    /** The local variables it stores to, which are its own. */
    List<Integer> variables() {
        return instructions.stream()
                .filter(instruction -> instruction.getOpcode() == Opcodes.ASTORE)
                .map(instruction -> ((VarInsnNode) instruction).var)
                .toList();
    }

    private AbstractInsnNode last() {
        return instructions.get(instructions.size() - 1);
    }
}
