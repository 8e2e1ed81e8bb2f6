package dev.stowage.build;

import static org.objectweb.asm.Opcodes.ACC_PUBLIC;
import static org.objectweb.asm.Opcodes.ACC_STATIC;
import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.CHECKCAST;
import static org.objectweb.asm.Opcodes.GETSTATIC;
import static org.objectweb.asm.Opcodes.IFNONNULL;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.PUTSTATIC;
import static org.objectweb.asm.Opcodes.RETURN;
import static org.objectweb.asm.Opcodes.V17;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/** A jar with the three classes in which Quarkus notes what settings are mapped to, and what they call, which tells what it was told. */
public final class MadeConfig {

    /** A class that settings with a prefix are mapped to; whether they are read while the application is built. */
    record Mapping(Class<?> type, String prefix, boolean read) {}

    /** In what the classes differ from those that Quarkus 3.33 generates. */
    enum Oddity {
        NONE,
        BRANCH,
        TWO_METHODS,
        VARIABLE_USED_AGAIN,
        FIELD_USED_ELSEWHERE
    }

    private static final String PACKAGE = "io/quarkus/runtime/generated/";
    private static final String SHARED = PACKAGE + "SharedConfig";
    private static final String CALLS = Type.getInternalName(MadeConfig.class);
    private static final String OBJECT = "Ljava/lang/Object;";
    private static final String TEXT = "Ljava/lang/String;";

    private MadeConfig() {}

    static void write(Path jar, List<Mapping> mappings) throws IOException {
        write(jar, mappings, Oddity.NONE);
    }

    static void write(Path jar, List<Mapping> mappings, Oddity oddity) throws IOException {
        List<Mapping> read = mappings.stream().filter(Mapping::read).toList();
        List<Mapping> unread =
                mappings.stream().filter(mapping -> !mapping.read()).toList();
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            put(out, SHARED, shared(mappings, read, oddity));
            put(out, PACKAGE + "StaticInitConfigCustomizer", customizer(mappings, read, List.of(), oddity));
            put(out, PACKAGE + "RunTimeConfigCustomizer", customizer(mappings, List.of(), unread, oddity));
            if (oddity == Oddity.FIELD_USED_ELSEWHERE) {
                put(out, "another/User", user());
            }
        }
    }

    /** Runs what the jar holds, and gives what it registered. */
    static List<String> run(Path jar) throws IOException {
        List<String> registered = new ArrayList<>();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {jar.toUri().toURL()}, MadeConfig.class.getClassLoader())) {
            for (String name : List.of("StaticInitConfigCustomizer", "RunTimeConfigCustomizer")) {
                loader.loadClass((PACKAGE + name).replace('/', '.'))
                        .getMethod("customize", Object.class, Object.class)
                        .invoke(null, null, registered);
            }
        } catch (ReflectiveOperationException e) {
            throw new IOException("the generated classes do not run", e);
        }
        return registered;
    }

    // -- what the generated classes call
    // ---------------------------------------------------------------------------------------

    public static String configClass(String type, String prefix) {
        return "class " + type + " at " + prefix;
    }

    public static void ensureLoaded(String type) throws ClassNotFoundException {
        Class.forName(type);
    }

    public static Object getConfigMapping(Object config, Class<?> type, String prefix) {
        return configClass(type.getName(), prefix);
    }

    @SuppressWarnings("unchecked")
    public static void withMappingInstance(Object registered, Object type, Object instance) {
        if (!type.equals(instance)) {
            throw new IllegalStateException(instance + " is given for " + type);
        }
        ((List<String>) registered).add(type + " is read");
    }

    @SuppressWarnings("unchecked")
    public static void withMapping(Object registered, Object type) {
        ((List<String>) registered).add(type + " will be read");
    }

    // -- the classes
    // -------------------------------------------------------------------------------------------------------------

    private static void put(ZipOutputStream out, String name, ClassWriter content) throws IOException {
        ZipEntry entry = new ZipEntry(name + ".class");
        entry.setTime(0);
        out.putNextEntry(entry);
        out.write(content.toByteArray());
        out.closeEntry();
    }

    private static ClassWriter open(String name) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
        writer.visit(V17, ACC_PUBLIC, name, null, "java/lang/Object", null);
        return writer;
    }

    private static ClassWriter shared(List<Mapping> mappings, List<Mapping> read, Oddity oddity) {
        ClassWriter writer = open(SHARED);
        for (int i = 0; i < mappings.size(); i++) {
            writer.visitField(ACC_STATIC | ACC_PUBLIC, "configClass$" + i, OBJECT, null, null);
        }
        for (int i = 0; i < read.size(); i++) {
            writer.visitField(ACC_STATIC | ACC_PUBLIC, "mapping$" + i, OBJECT, null, null);
        }
        MethodVisitor code = writer.visitMethod(ACC_STATIC, "<clinit>", "()V", null, null);
        code.visitCode();
        if (oddity == Oddity.BRANCH) {
            Label there = new Label();
            code.visitLdcInsn("");
            code.visitJumpInsn(IFNONNULL, there);
            code.visitLabel(there);
        }
        for (int i = 0; i < mappings.size(); i++) {
            String type = mappings.get(i).type().getName();
            code.visitLdcInsn(type);
            code.visitLdcInsn(mappings.get(i).prefix());
            call(code, "configClass", "(" + TEXT + TEXT + ")" + TEXT);
            code.visitFieldInsn(PUTSTATIC, SHARED, "configClass$" + i, OBJECT);
            code.visitLdcInsn(type);
            call(code, "ensureLoaded", "(" + TEXT + ")V");
        }
        code.visitLdcInsn("the settings");
        code.visitVarInsn(ASTORE, 0);
        for (int i = 0; i < read.size(); i++) {
            code.visitVarInsn(ALOAD, 0);
            code.visitLdcInsn(Type.getType(read.get(i).type()));
            code.visitLdcInsn(read.get(i).prefix());
            call(code, "getConfigMapping", "(" + OBJECT + "Ljava/lang/Class;" + TEXT + ")" + OBJECT);
            code.visitTypeInsn(CHECKCAST, "java/lang/Object");
            code.visitFieldInsn(PUTSTATIC, SHARED, "mapping$" + i, OBJECT);
        }
        return close(writer, code);
    }

    private static ClassWriter customizer(
            List<Mapping> numbered, List<Mapping> read, List<Mapping> unread, Oddity oddity) {
        String name = PACKAGE + (read.isEmpty() ? "RunTimeConfigCustomizer" : "StaticInitConfigCustomizer");
        ClassWriter writer = open(name);
        MethodVisitor code = customize(writer, "customize");
        int variable = 2;
        for (int i = 0; i < read.size(); i++) {
            get(code, "configClass$" + numbered.indexOf(read.get(i)), variable);
            get(code, "mapping$" + i, variable + 1);
            code.visitVarInsn(ALOAD, 1);
            code.visitVarInsn(ALOAD, variable);
            code.visitVarInsn(ALOAD, variable + 1);
            call(code, "withMappingInstance", "(" + OBJECT + OBJECT + OBJECT + ")V");
            variable += 2;
        }
        for (int i = 0; i < unread.size(); i++) {
            if (oddity == Oddity.TWO_METHODS && i == 1) {
                code.visitVarInsn(ALOAD, 0);
                code.visitVarInsn(ALOAD, 1);
                code.visitMethodInsn(INVOKESTATIC, name, "more", "(" + OBJECT + OBJECT + ")V", false);
                close(writer, code);
                code = customize(writer, "more");
            }
            get(code, "configClass$" + numbered.indexOf(unread.get(i)), variable);
            code.visitVarInsn(ALOAD, 1);
            code.visitVarInsn(ALOAD, variable);
            call(code, "withMapping", "(" + OBJECT + OBJECT + ")V");
            variable++;
        }
        if (oddity == Oddity.VARIABLE_USED_AGAIN) {
            code.visitVarInsn(ALOAD, variable - 1);
            code.visitVarInsn(ASTORE, variable);
        }
        return close(writer, code);
    }

    private static MethodVisitor customize(ClassWriter writer, String name) {
        MethodVisitor code =
                writer.visitMethod(ACC_STATIC | ACC_PUBLIC, name, "(" + OBJECT + OBJECT + ")V", null, null);
        code.visitCode();
        return code;
    }

    private static ClassWriter user() {
        ClassWriter writer = open("another/User");
        MethodVisitor code = customize(writer, "use");
        get(code, "configClass$0", 2);
        return close(writer, code);
    }

    private static void get(MethodVisitor code, String field, int variable) {
        code.visitFieldInsn(GETSTATIC, SHARED, field, OBJECT);
        code.visitVarInsn(ASTORE, variable);
    }

    private static void call(MethodVisitor code, String method, String descriptor) {
        code.visitMethodInsn(INVOKESTATIC, CALLS, method, descriptor, false);
    }

    private static ClassWriter close(ClassWriter writer, MethodVisitor code) {
        code.visitInsn(RETURN);
        code.visitMaxs(0, 0);
        code.visitEnd();
        return writer;
    }
}
