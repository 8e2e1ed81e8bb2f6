package dev.stowage.serve;

import dev.stowage.engine.Engine;
import dev.stowage.image.ImageReference;
import dev.stowage.platform.NodeProfile;
import dev.stowage.registry.Chain;
import dev.stowage.registry.Deadline;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.cache.Recollection;
import dev.stowage.report.ImageMemory;
import dev.stowage.resolve.ImageRecorder.Recorded;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The memory of the engine that is in force. */
final class EngineMemory implements ImageMemory {

    /** Goes into the key, so that it is good for nothing else; to be changed when recollections are read otherwise than before. */
    private static final String PURPOSE = "stowage recollections 1";

    private final Supplier<Engine> engine;
    private final Supplier<String> route;
    private final Supplier<Optional<PrivateKey>> secret;
    private volatile Made made = new Made(null, "", new byte[0]);

    /** The key that was made last, and what of. */
    private record Made(PrivateKey secret, String route, byte[] key) {}

    /**
     * @param route how registries are asked: what was learnt by another way counts for nothing
     * @param secret what all replicas share
     */
    EngineMemory(Supplier<Engine> engine, Supplier<String> route, Supplier<Optional<PrivateKey>> secret) {
        this.engine = engine;
        this.route = route;
        this.secret = secret;
    }

    @Override
    public CompletableFuture<Optional<Recorded>> record(
            ImageReference reference, Set<NodeProfile> profiles, Keyring keyring, Deadline deadline) {
        return Chain.map(
                keyring.accessTo(reference.repository(), deadline),
                answer -> answer.fold(
                        access -> engine.get().recorder().record(reference, profiles, access),
                        failure -> Optional.<Recorded>empty()));
    }

    @Override
    public void recall(String namespace, ImageReference reference, Recollection known, Duration age) {
        engine.get().recollections().put(namespace, reference.repository(), reference.target(), known, age);
    }

    @Override
    public Optional<byte[]> key() {
        return secret.get().filter(key -> key.getEncoded() != null).map(this::derived);
    }

    private byte[] derived(PrivateKey key) {
        String way = route.get();
        Made last = made;
        if (!Objects.equals(last.secret(), key) || !last.route().equals(way)) {
            last = new Made(key, way, derive(key, way));
            made = last;
        }
        return last.key().clone();
    }

    private static byte[] derive(PrivateKey key, String way) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(PURPOSE.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(key.getEncoded());
            digest.update((byte) 0);
            digest.update(way.getBytes(StandardCharsets.UTF_8));
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
