package dev.stowage.cluster.watch;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The CPU and memory that a pod requests, as the scheduler counts them: the sum of its containers and sidecars, or what an init
 * container needs next to the sidecars before it, if that is more. The overhead of a RuntimeClass is left out.
 *
 * @param milliCpu thousandths of a CPU
 * @param bytes bytes of memory
 */
public record PodRequests(long milliCpu, long bytes) {

    /** Nothing is requested. */
    public static final PodRequests NONE = new PodRequests(0, 0);

    private static final int LONGEST = 32;
    private static final int THOUSAND = 1000;

    /** More than any node has. */
    private static final BigDecimal MOST = BigDecimal.valueOf(1L << 50);

    /** Both together. */
    public PodRequests plus(PodRequests other) {
        return new PodRequests(sum(milliCpu, other.milliCpu), sum(bytes, other.bytes));
    }

    private static long sum(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }

    private PodRequests max(PodRequests other) {
        return new PodRequests(Math.max(milliCpu, other.milliCpu), Math.max(bytes, other.bytes));
    }

    /** The requests of the pod with this spec; what cannot be read counts as none. */
    static PodRequests of(JsonNode spec) {
        PodRequests sidecars = NONE;
        PodRequests starting = NONE;
        for (JsonNode container : spec.path("initContainers")) {
            PodRequests requests = ofContainer(container);
            if (container.path("restartPolicy").asText().equals("Always")) {
                sidecars = sidecars.plus(requests);
            } else {
                starting = starting.max(sidecars.plus(requests));
            }
        }
        PodRequests running = sidecars;
        for (JsonNode container : spec.path("containers")) {
            running = running.plus(ofContainer(container));
        }
        return running.max(starting);
    }

    private static PodRequests ofContainer(JsonNode container) {
        JsonNode requests = container.path("resources").path("requests");
        return new PodRequests(amount(requests.path("cpu"), THOUSAND), amount(requests.path("memory"), 1));
    }

    private static long amount(JsonNode quantity, int factor) {
        String text = quantity.asText();
        if (text.isEmpty() || text.length() > LONGEST || text.matches(".*[eE].*[0-9]{3}.*")) {
            return 0;
        }
        try {
            BigDecimal amount = Quantity.getAmountInBytes(Quantity.parse(text)).multiply(BigDecimal.valueOf(factor));
            return amount.max(BigDecimal.ZERO)
                    .min(MOST)
                    .setScale(0, RoundingMode.CEILING)
                    .longValue();
        } catch (IllegalArgumentException | ArithmeticException e) {
            return 0;
        }
    }
}
