package dev.stowage.admission;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.bench.MadeReview;
import dev.stowage.workload.WorkloadReader;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReview;
import java.io.ByteArrayInputStream;
import java.io.IOException;
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

/** Reading a review: what is needed of it, and, to compare, all of it into fabric8's model. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ReviewDecodingBenchmark {

    /** By about how many bytes the pod is larger than an ordinary one. */
    @Param({"0", "1000000"})
    public int padding;

    private final ReviewReader reader = new ReviewReader(new WorkloadReader());
    private final ObjectMapper mapper = new ObjectMapper();
    private byte[] review;

    /** Makes the review. */
    @Setup
    public void make() {
        review = MadeReview.pod(List.of("registry.example/team/shop:1", "registry.example/team/proxy:2"), padding);
    }

    /** As Stowage reads it. */
    @Benchmark
    public Object needed() throws InvalidReviewException {
        return reader.read(new ByteArrayInputStream(review));
    }

    /** As it is usually read in Java. */
    @Benchmark
    public Object bound() throws IOException {
        return mapper.readValue(review, AdmissionReview.class);
    }
}
