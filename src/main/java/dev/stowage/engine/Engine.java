package dev.stowage.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.assessment.WorkloadAssessor;
import dev.stowage.config.Settings;
import dev.stowage.oci.DocumentReader;
import dev.stowage.registry.LocalRegistries;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.cache.CacheObserver;
import dev.stowage.registry.cache.CachingRegistry;
import dev.stowage.registry.client.HttpRegistry;
import dev.stowage.resolve.ImageResolver;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.EngineAssessor;
import dev.stowage.verdict.Judge;
import dev.stowage.verdict.SeededAssessor;
import dev.stowage.verdict.VerdictSeeds;

/**
 * The engine put together as it is configured: registries over HTTP behind caches, the resolver, the judge. The webhook, the
 * reconciler and the command line each have one.
 */
public final class Engine implements AutoCloseable {

    private final HttpRegistry registry;
    private final CachingRegistry cache;
    private final VerdictSeeds seeds;
    private final ImageResolver resolver;
    private final Assessor assessor;
    private final WorkloadAssessor workloadAssessor;

    /**
     * Puts one together.
     *
     * @param settings what is configured
     * @param requests is notified of every request to a registry
     * @param memory is notified how the caches met each question
     */
    public Engine(Settings settings, RegistryObserver requests, CacheObserver memory) {
        this(settings, requests, memory, LocalRegistries.NONE);
    }

    /**
     * Puts one together for a cluster.
     *
     * @param localRegistries where registries are that only nodes reach by their names
     */
    public Engine(Settings settings, RegistryObserver requests, CacheObserver memory, LocalRegistries localRegistries) {
        registry = new HttpRegistry(settings.registries(), requests, localRegistries);
        cache = new CachingRegistry(registry, settings.cache(), Ticker.systemTicker(), memory);
        seeds = new VerdictSeeds(Ticker.systemTicker());
        resolver = new ImageResolver(cache, new DocumentReader());
        assessor = new SeededAssessor(
                new EngineAssessor(settings.defaultRegistry(), resolver, new Judge()),
                cache,
                seeds,
                settings.defaultRegistry(),
                settings.cache(),
                memory);
        workloadAssessor = new WorkloadAssessor(assessor);
    }

    /** Answers for one image. */
    public Assessor assessor() {
        return assessor;
    }

    /** Answers for the images of a workload. */
    public WorkloadAssessor workloadAssessor() {
        return workloadAssessor;
    }

    /** Reads references to what registries hold. */
    public ImageResolver resolver() {
        return resolver;
    }

    /** What is remembered of registries. */
    public CachingRegistry cache() {
        return cache;
    }

    /** The verdicts that were known before the start, empty until they are added. */
    public VerdictSeeds seeds() {
        return seeds;
    }

    /** Ends all connections and threads; what is still in progress fails. */
    @Override
    public void close() {
        registry.close();
    }
}
