package dev.stowage.bench.soak;

import dev.stowage.bench.StandInRegistry;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The registries of the soak and their images: one registry never has faults, and must not suffer from the others' faults. */
final class SoakedRegistries {

    private static final int REGISTRIES = 4;
    private static final int IMAGES_OF_EACH = 50;

    private final List<StandInRegistry> registries = new ArrayList<>();
    private final List<RegistryFaults> faults = new ArrayList<>();
    private final List<SoakedImage> images = new ArrayList<>();
    private final List<SoakedImage> moving = new ArrayList<>();
    private final Random random;
    private long moves;

    SoakedRegistries(Vertx vertx, long seed) {
        random = new Random(seed);
        for (int i = 0; i < REGISTRIES; i++) {
            RegistryFaults own = new RegistryFaults(vertx, seed + 1 + i);
            registries.add(StandInRegistry.start(vertx).faults(own));
            faults.add(own);
        }
        for (int number = 0; number < REGISTRIES * IMAGES_OF_EACH; number++) {
            image(number);
        }
    }

    /** Of ten images of a registry, two have tags that move, four run everywhere, three on amd64 only, one nowhere. */
    private void image(int number) {
        int registry = number % REGISTRIES;
        int kind = number / REGISTRIES % 10;
        String path = kind < 6 ? "e4/" : kind < 9 ? "single/" : "foreign/";
        boolean byDigest = kind == 4 || kind == 7;
        SoakedImage image =
                new SoakedImage(registries.get(registry), faults.get(registry), path + "image-" + number, byDigest);
        images.add(image);
        if (kind < 2) {
            moving.add(image);
        }
    }

    List<SoakedImage> images() {
        return images;
    }

    /** A second has passed: a tag moves, faults come and go. */
    void tick() {
        moving.get(random.nextInt(moving.size())).move();
        moves++;
        faults.subList(1, faults.size()).forEach(RegistryFaults::tick);
    }

    /** What happened so far, in words. */
    String inWords() {
        return moves + " moves of tags, "
                + faults.stream().mapToLong(RegistryFaults::episodes).sum() + " times faults, "
                + registries.stream().mapToLong(StandInRegistry::total).sum() + " requests to registries";
    }
}
