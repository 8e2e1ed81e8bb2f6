package dev.stowage.bench;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.admission.AdmissionHandler;
import dev.stowage.admission.AdmissionMetrics;
import dev.stowage.admission.AdmissionResponse;
import dev.stowage.admission.BoundedVerification;
import dev.stowage.admission.ClusterView;
import dev.stowage.admission.KeyringSource;
import dev.stowage.admission.NamespaceModes;
import dev.stowage.admission.SteeringMetrics;
import dev.stowage.admission.TemplateDefaults;
import dev.stowage.assessment.WorkloadAssessor;
import dev.stowage.node.NodeFacts;
import dev.stowage.oci.DocumentReader;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.registry.cache.CacheMetrics;
import dev.stowage.registry.cache.CacheSettings;
import dev.stowage.registry.cache.CachingRegistry;
import dev.stowage.resolve.ImageResolver;
import dev.stowage.steering.SteeringMode;
import dev.stowage.steering.SteeringSettings;
import dev.stowage.verdict.EngineAssessor;
import dev.stowage.verdict.Judge;
import dev.stowage.workload.WorkloadReader;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Whole decisions on images that are known: from the review's bytes to the answer's, without the network. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class DecisionBenchmark {

    /** By how many containers a pod has, each of its own image. */
    @State(Scope.Benchmark)
    public static class Containers {
        /** How many. */
        @Param({"1", "2", "10", "50"})
        public int containers;

        private Warm warm;

        /** Makes the pod, and its images known. */
        @Setup
        public void make() {
            warm = new Warm(containers, 4, 100);
        }
    }

    /** By how many entries its two images' indexes have. */
    @State(Scope.Benchmark)
    public static class Entries {
        /** How many. */
        @Param({"2", "10", "50", "500"})
        public int entries;

        private Warm warm;

        /** Makes the pod, and its images known. */
        @Setup
        public void make() {
            warm = new Warm(2, entries, 100);
        }
    }

    /** By how many nodes the cluster has. */
    @State(Scope.Benchmark)
    public static class Nodes {
        /** How many. */
        @Param({"10", "100", "1000", "5000"})
        public int nodes;

        private Warm warm;

        /** Makes the pod, and its images known. */
        @Setup
        public void make() {
            warm = new Warm(2, 4, nodes);
        }
    }

    /** By how many images are known, as many as the cluster has reports. */
    @State(Scope.Benchmark)
    public static class Reports {
        /** How many. */
        @Param({"100", "1000", "10000"})
        public int reports;

        private Warm warm;

        /** Makes the images known, and the pod. */
        @Setup
        public void make() {
            warm = new Warm(2, 4, 100);
            for (int image = 0; image < reports; image++) {
                warm.know("registry.example/others/app-" + image + ":1");
            }
        }
    }

    /** A decision, by containers. */
    @Benchmark
    public AdmissionResponse byContainers(Containers state) {
        return state.warm.decide();
    }

    /** A decision on two images, by the entries of their indexes. */
    @Benchmark
    public AdmissionResponse byEntries(Entries state) {
        return state.warm.decide();
    }

    /** A decision on two images, by nodes. */
    @Benchmark
    public AdmissionResponse byNodes(Nodes state) {
        return state.warm.decide();
    }

    /** The same for the mutating webhook, next to the validating one. */
    @Benchmark
    public AdmissionResponse steeringByNodes(Nodes state) {
        return state.warm.steer();
    }

    /** A decision on two images, by the images that are known. */
    @Benchmark
    public AdmissionResponse byReports(Reports state) {
        return state.warm.decide();
    }

    /** Handler and engine as the webhook has them, and one review over and over. */
    private static final class Warm {

        private final AdmissionHandler handler;
        private final byte[] review;

        Warm(int containers, int entries, int nodes) {
            PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            CachingRegistry registry = new CachingRegistry(
                    new MadeRegistry(entries), CacheSettings.DEFAULT, Ticker.systemTicker(), new CacheMetrics(meters));
            WorkloadAssessor workloadAssessor = new WorkloadAssessor(
                    new EngineAssessor("docker.io", new ImageResolver(registry, new DocumentReader()), new Judge()));
            List<NodeFacts> facts = MadeNodes.of(nodes);
            handler = new AdmissionHandler(
                    new WorkloadReader(),
                    workloadAssessor,
                    new ClusterView(() -> facts, KeyringSource.ANONYMOUS, NamespaceModes.NONE, TemplateDefaults.NONE),
                    () -> PolicyConfig.DEFAULT,
                    new BoundedVerification(workloadAssessor, Runnable::run, 16, Ticker.systemTicker()),
                    new AdmissionMetrics(meters, List.of()),
                    new SteeringSettings(SteeringMode.REQUIRED, List.of(), List.of()),
                    new SteeringMetrics(meters));
            List<String> images = new ArrayList<>();
            for (int i = 0; i < containers; i++) {
                images.add("registry.example/team/app-" + i + ":1");
            }
            review = MadeReview.pod(images);
            String answer = new String(decide().body(), StandardCharsets.UTF_8);
            if (!answer.contains("\"allowed\":true}")) {
                throw new IllegalStateException(answer);
            }
        }

        void know(String image) {
            handler.handle(MadeReview.pod(List.of(image))).join();
        }

        AdmissionResponse steer() {
            return handler.steer(handler.read(new ByteArrayInputStream(review))).join();
        }

        AdmissionResponse decide() {
            return handler.handle(review).join();
        }
    }
}
