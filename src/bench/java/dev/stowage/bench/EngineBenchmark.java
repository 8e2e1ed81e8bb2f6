package dev.stowage.bench;

import dev.stowage.image.ImageReference;
import dev.stowage.image.InvalidReferenceException;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.SchedulingRules;
import dev.stowage.node.Toleration;
import dev.stowage.oci.Document;
import dev.stowage.oci.DocumentReader;
import dev.stowage.oci.InvalidDocumentException;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.PlatformMatcher;
import dev.stowage.platform.RuntimeFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** The parts of the engine, each by itself. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EngineBenchmark {

    /** References as they stand in manifests. */
    @State(Scope.Benchmark)
    public static class References {
        /** A short name, a usual one, and one with a digest. */
        @Param({
            "nginx",
            "registry.example.com:5000/team/shop:1.27.3",
            "ghcr.io/org/app@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        })
        public String text;
    }

    /** An index of some size. */
    @State(Scope.Benchmark)
    public static class Indexes {
        /** How many entries it has. */
        @Param({"2", "10", "50", "500"})
        public int entries;

        private final DocumentReader reader = new DocumentReader();
        private MadeImage image;

        /** Makes it. */
        @Setup
        public void make() {
            image = MadeImage.index("e/bench", entries);
        }
    }

    /** The platforms of an official image, and a node. */
    @State(Scope.Benchmark)
    public static class Platforms {
        /** The node's runtime. */
        @Param({"CONTAINERD_2_3", "CRIO"})
        public RuntimeFamily runtime;

        private final List<Platform> entries = new ArrayList<>();
        private PlatformMatcher matcher;

        /** Makes them. */
        @Setup
        public void make() {
            for (String text : List.of(
                    "linux/amd64",
                    "linux/386",
                    "linux/arm/v5",
                    "linux/arm/v7",
                    "linux/arm64/v8",
                    "linux/ppc64le",
                    "linux/riscv64",
                    "linux/s390x",
                    "windows/amd64",
                    "unknown/unknown")) {
                entries.add(Platform.parse(text));
            }
            matcher = PlatformMatcher.of(new NodeProfile(Platform.of("linux", "arm64"), runtime));
        }
    }

    /** A cluster of some size. */
    @State(Scope.Benchmark)
    public static class Clusters {
        /** How many nodes it has. */
        @Param({"10", "100", "1000", "5000"})
        public int nodes;

        private final SchedulingRules rules = new SchedulingRules(
                Optional.empty(),
                Map.of("kubernetes.io/os", "linux", "example.org/disk", "ssd"),
                Optional.empty(),
                List.of(new Toleration("node.kubernetes.io/not-ready", "Exists", "", "NoExecute")),
                Optional.empty(),
                false,
                false);
        private List<NodeFacts> facts;

        /** Makes it. */
        @Setup
        public void make() {
            facts = MadeNodes.of(nodes);
        }
    }

    /** Reading a reference. */
    @Benchmark
    public ImageReference reference(References references) throws InvalidReferenceException {
        return ImageReference.parse(references.text);
    }

    /** Reading an index from its bytes. */
    @Benchmark
    public Document index(Indexes indexes) throws InvalidDocumentException {
        return indexes.reader.document(indexes.image.top(), indexes.image.topType());
    }

    /** Ranking ten platforms for one node. */
    @Benchmark
    public void matching(Platforms platforms, Blackhole sink) {
        for (Platform entry : platforms.entries) {
            sink.consume(platforms.matcher.rank(entry));
        }
    }

    /** Finding the eligible nodes of a pod whose rules were not met before. */
    @Benchmark
    public EligibleNodes eligibility(Clusters clusters) {
        return EligibleNodes.of(clusters.rules, clusters.facts);
    }
}
