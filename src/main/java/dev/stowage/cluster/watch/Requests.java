package dev.stowage.cluster.watch;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Map;

/**
 * CPU and memory that containers request.
 *
 * @param milliCpu thousandths of a CPU
 * @param bytes bytes of memory
 */
public record Requests(long milliCpu, long bytes) {

    /** Nothing is requested. */
    public static final Requests NONE = new Requests(0, 0);

    private static final int LONGEST = 32;
    private static final int THOUSAND = 1000;

    /** More than any node has. */
    private static final BigDecimal MOST = BigDecimal.valueOf(1L << 50);

    /** Both together. */
    public Requests plus(Requests other) {
        return new Requests(sum(milliCpu, other.milliCpu), sum(bytes, other.bytes));
    }

    private static long sum(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }

    /**
     * What the containers and sidecars of a pod request, by image as written; what cannot be read counts as nothing. Init containers
     * end before the others start, and the scheduler counts the larger of both.
     */
    static Map<String, Requests> byImage(JsonNode podSpec) {
        Map<String, Requests> requests = new HashMap<>();
        for (JsonNode container : podSpec.path("initContainers")) {
            if (container.path("restartPolicy").asText().equals("Always")) {
                add(container, requests);
            }
        }
        podSpec.path("containers").forEach(container -> add(container, requests));
        return requests;
    }

    private static void add(JsonNode container, Map<String, Requests> requests) {
        requests.merge(container.path("image").asText(), ofContainer(container), Requests::plus);
    }

    private static Requests ofContainer(JsonNode container) {
        JsonNode requests = container.path("resources").path("requests");
        return new Requests(amount(requests.path("cpu"), THOUSAND), amount(requests.path("memory"), 1));
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
