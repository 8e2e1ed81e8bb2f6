package dev.stowage.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.objectweb.asm.Opcodes.ACC_PUBLIC;
import static org.objectweb.asm.Opcodes.ACC_STATIC;
import static org.objectweb.asm.Opcodes.POP;
import static org.objectweb.asm.Opcodes.RETURN;
import static org.objectweb.asm.Opcodes.V17;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodNode;

class RecordedKeysTest {

    @TempDir
    private Path folder;

    @Test
    void areNumberedInTheOrderInWhichTheyAppear() throws IOException {
        GeneratedClasses classes = made(Map.of(
                "step/B", List.of("proxykey1", "proxykey12", "other"),
                "step/A", List.of("proxykey12", "proxykey7", "a proxykey7", "proxykey"),
                "step/C", List.of("proxykey0")));
        RecordedKeys.apply(classes);

        assertThat(constants(classes))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "step/A", List.of("proxykey0", "proxykey1", "a proxykey7", "proxykey"),
                        "step/B", List.of("proxykey2", "proxykey0", "other"),
                        "step/C", List.of("proxykey3")));
    }

    @Test
    void anotherNumberingGivesTheSameJar() throws IOException {
        assertThat(bytes(Map.of("step/A", List.of("proxykey3", "proxykey4"), "step/B", List.of("proxykey4"))))
                .isEqualTo(
                        bytes(Map.of("step/A", List.of("proxykey120", "proxykey3"), "step/B", List.of("proxykey3"))));
    }

    private byte[] bytes(Map<String, List<String>> constants) throws IOException {
        GeneratedClasses classes = made(constants);
        RecordedKeys.apply(classes);
        Path jar = folder.resolve("written.jar");
        classes.write(jar);
        return Files.readAllBytes(jar);
    }

    private static Map<String, List<String>> constants(GeneratedClasses classes) {
        Map<String, List<String>> constants = new LinkedHashMap<>();
        for (String name : classes.names()) {
            MethodNode method = classes.get(name).methods.get(0);
            constants.put(
                    name,
                    Arrays.stream(method.instructions.toArray())
                            .filter(LdcInsnNode.class::isInstance)
                            .map(constant -> (String) ((LdcInsnNode) constant).cst)
                            .toList());
        }
        return constants;
    }

    private GeneratedClasses made(Map<String, List<String>> constants) throws IOException {
        Path jar = folder.resolve("made.jar");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (String name : constants.keySet().stream().sorted().toList()) {
                ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
                writer.visit(V17, ACC_PUBLIC, name, null, "java/lang/Object", null);
                MethodVisitor code = writer.visitMethod(ACC_STATIC, "deploy", "()V", null, null);
                code.visitCode();
                for (String constant : constants.get(name)) {
                    code.visitLdcInsn(constant);
                    code.visitInsn(POP);
                }
                code.visitInsn(RETURN);
                code.visitMaxs(0, 0);
                code.visitEnd();
                ZipEntry entry = new ZipEntry(name + ".class");
                entry.setTime(0);
                out.putNextEntry(entry);
                out.write(writer.toByteArray());
                out.closeEntry();
            }
        }
        return GeneratedClasses.read(jar);
    }
}
