package dev.stowage.registry.credentials.plugin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.image.Repository;
import dev.stowage.registry.credentials.plugin.PluginResponse.Scope;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The results of plug-ins, for as long as their responses say. The kubelet caches no failures; here one is kept for some seconds, since
 * reviews come more often than pulls. Names of images are chosen by tenants, so its size is bounded in bytes.
 */
final class PluginCache {

    static final Duration KEEP_FAILURE = Duration.ofSeconds(20);
    static final long MAX_BYTES = 8L << 20;

    private static final int OVERHEAD = 400;

    private final Cache<Key, Kept> results;

    /**
     * The images that share a result or a run.
     *
     * @param plugin the name of the plug-in
     * @param scope how many images these are
     * @param name the repository or the registry; empty for all
     */
    record Key(String plugin, Scope scope, String name) {

        static Key of(CredentialPlugin plugin, Scope scope, Repository repository) {
            String name =
                    switch (scope) {
                        case IMAGE -> repository.toString();
                        case REGISTRY -> repository.registry();
                        case GLOBAL -> "";
                    };
            return new Key(plugin.spec().name(), scope, name);
        }
    }

    private record Kept(CredentialPlugin.Result result, Duration time) {}

    PluginCache(Ticker ticker) {
        this.results = Caffeine.newBuilder()
                .maximumWeight(MAX_BYTES)
                .weigher((Key key, Kept kept) ->
                        OVERHEAD + 2 * key.name().length() + kept.result().weight())
                .expireAfter(Expiry.<Key, Kept>writing((key, kept) -> kept.time()))
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /** What is known for this image: by image, by registry, for all, in this order, as the kubelet looks it up. */
    Optional<CredentialPlugin.Result> find(CredentialPlugin plugin, Repository repository) {
        return Stream.of(Scope.IMAGE, Scope.REGISTRY, Scope.GLOBAL)
                .map(scope -> Optional.ofNullable(results.getIfPresent(Key.of(plugin, scope, repository))))
                .flatMap(Optional::stream)
                .map(Kept::result)
                .findFirst();
    }

    /** Keeps the result of a run for this image. */
    void keep(CredentialPlugin plugin, Repository repository, CredentialPlugin.Result result) {
        Duration time = result.response()
                .map(response -> response.cacheDuration().orElse(plugin.spec().defaultCacheDuration()))
                .orElse(KEEP_FAILURE);
        if (time.compareTo(Duration.ZERO) > 0) {
            results.put(Key.of(plugin, result.scope(), repository), new Kept(result, time));
        }
    }
}
