package dev.stowage.soak;

import dev.stowage.demo.SampleImages;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.testing.FakeRegistry;
import dev.stowage.testing.FakeRegistryAuth;
import dev.stowage.testing.Shape;
import dev.stowage.testing.Shapes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The registries of the soak: one open, one with tokens, one with a password, each with its own weather. */
final class SoakRegistries implements AutoCloseable {

    /** The tenant without credentials. */
    static final String NOBODY = "nobody";

    static final List<String> TENANTS = List.of(NOBODY, "alice", "bob");

    private static final Platform AMD64 = Platform.of("linux", "amd64");
    private static final Platform ARM64 = Platform.of("linux", "arm64");
    private static final Map<NodeProfile, String> BOTH =
            Map.of(NodeProfile.of(AMD64), "Runs", NodeProfile.of(ARM64), "Runs");
    private static final Map<NodeProfile, String> ONE =
            Map.of(NodeProfile.of(AMD64), "Runs", NodeProfile.of(ARM64), "DoesNotRun");

    private static final List<Shape> SHAPES = Shapes.all().toList();

    private final Random random;
    private final Map<String, LongAdder> made = new ConcurrentHashMap<>();
    private final List<FakeRegistry> servers = new ArrayList<>();
    private final List<SoakFaults> weather = new ArrayList<>();
    private final List<SoakImage> images = new ArrayList<>();
    private final List<Runnable> moves = new ArrayList<>();

    SoakRegistries(long seed) {
        random = new Random(seed + 1);
        Map<String, Set<String>> readers = new HashMap<>();
        List<String> paths = paths();
        for (String path : paths) {
            readers.put(path, path.startsWith("shared/") ? Set.copyOf(TENANTS) : Set.of(path.split("/")[0]));
        }
        registry(seed + 2, FakeRegistryAuth.NONE, List.of("open"), Map.of("open", Set.copyOf(TENANTS)));
        registry(
                seed + 3,
                FakeRegistryAuth.basic("alice", passwordOf("alice")),
                List.of("alice"),
                Map.of("alice", Set.of("alice")));
        registry(seed + 4, tokens(), List.of("alice", "bob", "shared"), readers);
    }

    static String passwordOf(String tenant) {
        return "secret of " + tenant;
    }

    private static FakeRegistryAuth tokens() {
        FakeRegistryAuth.Tokens tokens = new FakeRegistryAuth.Tokens().expiresIn(61);
        List<String> shared =
                paths().stream().filter(p -> p.startsWith("shared/")).toList();
        tokens.anybody(shared.toArray(String[]::new));
        for (String tenant : List.of("alice", "bob")) {
            tokens.user(
                    tenant,
                    passwordOf(tenant),
                    paths().stream()
                            .filter(p -> p.startsWith("shared/") || p.startsWith(tenant + "/"))
                            .toArray(String[]::new));
        }
        return tokens;
    }

    private static String pathOf(String owner, int shape) {
        return owner + "/row" + SHAPES.get(shape).row() + "/" + shape;
    }

    /** The paths of all repositories behind tokens. */
    private static List<String> paths() {
        List<String> paths = new ArrayList<>();
        for (String owner : List.of("alice", "bob", "shared")) {
            for (int i = 0; i < SHAPES.size(); i++) {
                paths.add(pathOf(owner, i));
            }
            paths.add(owner + "/moving");
        }
        return paths;
    }

    private void registry(long seed, FakeRegistryAuth auth, List<String> owners, Map<String, Set<String>> readers) {
        FakeRegistry server = new FakeRegistry();
        SoakFaults faults = new SoakFaults(seed, auth, made);
        server.protect(faults);
        servers.add(server);
        weather.add(faults);
        for (String owner : owners) {
            for (int i = 0; i < SHAPES.size(); i++) {
                Shape shape = SHAPES.get(i);
                String path = pathOf(owner, i);
                String reference = server.host() + "/" + path + shape.store(server.store(path));
                SoakImage image =
                        new SoakImage(path, reference, faults, readers.getOrDefault(path, readers.get(owner)));
                image.becomes(labels(shape.expected()));
                images.add(image);
            }
            String path = owner + "/moving";
            moving(server, path, faults, readers.getOrDefault(path, readers.get(owner)));
        }
    }

    /** A tag that names now an index of both platforms, now one of amd64 alone. */
    private void moving(FakeRegistry server, String path, SoakFaults faults, Set<String> readers) {
        SampleImages samples = new SampleImages(server.store(path));
        Descriptor amd64 = samples.image(AMD64);
        Descriptor arm64 = samples.image(ARM64);
        for (int i = 0; i < 8; i++) {
            String tag = "t" + i;
            SoakImage image = new SoakImage(path, server.host() + "/" + path + ":" + tag, faults, readers);
            samples.index(tag, amd64, arm64);
            image.becomes(BOTH);
            images.add(image);
            moves.add(() -> {
                boolean both = random.nextBoolean();
                // first, so that no answer is ahead of the truth
                image.becomes(both ? BOTH : ONE);
                if (both) {
                    samples.index(tag, amd64, arm64);
                } else {
                    samples.index(tag, amd64, samples.attestation(amd64));
                }
            });
        }
    }

    private static Map<NodeProfile, String> labels(Map<NodeProfile, String> expected) {
        Map<NodeProfile, String> labels = new LinkedHashMap<>();
        expected.forEach((profile, verdict) -> labels.put(profile, verdict.split(" ")[0]));
        return labels;
    }

    List<SoakImage> images() {
        return images;
    }

    Map<String, LongAdder> faults() {
        return made;
    }

    /** Time passes: some weather changes, some tags move. */
    void change() {
        for (SoakFaults one : weather) {
            if (random.nextInt(4) == 0) {
                one.change();
            }
        }
        moves.get(random.nextInt(moves.size())).run();
        // what was asked is of no interest here, and would look like a leak
        servers.forEach(server -> server.server().forget());
    }

    /** The weather clears up for good. */
    void clear() {
        weather.forEach(SoakFaults::clear);
    }

    @Override
    public void close() {
        servers.forEach(FakeRegistry::close);
    }
}
