package dev.stowage.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.tree.ClassNode;

/** The jar of classes that Quarkus generated: its entries in their order, with their content and time. */
final class GeneratedClasses {

    private record Entry(FileTime time, byte[] content) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private GeneratedClasses() {}

    static GeneratedClasses read(Path jar) throws IOException {
        GeneratedClasses classes = new GeneratedClasses();
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                classes.entries.put(entry.getName(), new Entry(entry.getLastModifiedTime(), in.readAllBytes()));
            }
        }
        return classes;
    }

    void write(Path jar) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (Map.Entry<String, Entry> entry : entries.entrySet()) {
                ZipEntry written = new ZipEntry(entry.getKey());
                written.setLastModifiedTime(entry.getValue().time());
                out.putNextEntry(written);
                out.write(entry.getValue().content());
                out.closeEntry();
            }
        }
    }

    /** The internal names of all classes, sorted. */
    List<String> names() {
        return entries.keySet().stream()
                .filter(name -> name.endsWith(".class"))
                .map(name -> name.substring(0, name.length() - ".class".length()))
                .sorted()
                .toList();
    }

    /** The class without what is there for debuggers only; {@code name} is internal, with slashes. */
    ClassNode get(String name) {
        Entry entry = entries.get(name + ".class");
        if (entry == null) {
            throw new UnknownShapeException("there is no class " + name);
        }
        ClassNode node = new ClassNode();
        new ClassReader(entry.content()).accept(node, ClassReader.SKIP_DEBUG);
        return node;
    }

    /** Changes a class and writes it anew, so that its constants stand in the order in which they are used. */
    void change(String name, Consumer<ClassNode> change) {
        ClassNode node = get(name);
        change.accept(node);
        ClassWriter writer = new ClassWriter(0);
        node.accept(writer);
        entries.computeIfPresent(name + ".class", (file, entry) -> new Entry(entry.time(), writer.toByteArray()));
    }
}
