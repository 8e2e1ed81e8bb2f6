package dev.stowage.testing;

import java.util.stream.Stream;

/**
 * Every shape of an image whose documents decide, with what is to be said for
 * nodes of several profiles. What the transport decides (status codes, lengths, tokens) is tested where it is read.
 */
public final class Shapes {

    private Shapes() {}

    /** All of them, in the order of their rows. */
    public static Stream<Shape> all() {
        Stream<Shape> measured = Stream.of(new IndexShapes(), new PlatformShapes(), new DocumentShapes())
                .flatMap(ShapeTable::stream);
        return Stream.concat(measured, RuntimeShapes.all());
    }

    /** Those that a registry takes when they are pushed. */
    public static Stream<Shape> storable() {
        return all().filter(Shape::storable);
    }
}
