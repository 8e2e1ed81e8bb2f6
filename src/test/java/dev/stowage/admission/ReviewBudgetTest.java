package dev.stowage.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.AdmissionEvent.Decision;
import dev.stowage.admission.Admissions.Answer;
import dev.stowage.demo.SampleImages;
import dev.stowage.platform.Platform;
import dev.stowage.policy.Action;
import dev.stowage.workload.Workload;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Reviews of up to 3 MiB and more that a tenant can send to make Stowage slow, or to be let in unseen. */
@Timeout(60)
class ReviewBudgetTest {

    private static final String IMAGE = "registry.example/shop:1";
    private static final String CONTAINERS = containers(1, i -> IMAGE);

    private final Admissions admissions = new Admissions();

    @BeforeEach
    void imagesAndNodes() {
        SampleImages images = admissions.images;
        images.index("1", images.image(Platform.of("linux", "amd64")));
        for (int i = 0; i < 32; i++) {
            admissions.cluster.node("amd-" + i, "linux/amd64");
        }
    }

    /** Pod specs that exceed a limit, and the limit in words. */
    enum TooLarge {
        AFFINITY_VALUES(CONTAINERS + ",\"affinity\":" + affinity(terms("In", collidingValues(400_000))), VALUES),
        NOT_IN(CONTAINERS + ",\"affinity\":" + affinity(terms("NotIn", collidingValues(400_000))), VALUES),
        TERMS(CONTAINERS + ",\"affinity\":" + affinity(list(100_000, i -> "{}")), VALUES),
        EXPRESSIONS(
                CONTAINERS + ",\"affinity\":"
                        + affinity("[{\"matchExpressions\":"
                                + list(40_000, i -> "{\"key\":\"a\",\"operator\":\"Exists\"}") + "}]"),
                VALUES),
        NODE_SELECTOR(CONTAINERS + ",\"nodeSelector\":" + object(200_000, i -> "\"\""), VALUES),
        TOLERATIONS(
                CONTAINERS + ",\"tolerations\":" + list(100_000, i -> "{\"key\":\"" + colliding(i) + "\"}"), VALUES),
        CONTAINERS_OF_12_000_HOSTS(
                containers(12_000, i -> "h" + i + ".example/a"), "more than 500 containers and volumes"),
        INIT_CONTAINERS(
                containers(300, i -> IMAGE) + ",\"init"
                        + containers(300, i -> IMAGE).substring(1).replaceFirst("c", "C"),
                "more than 500 containers and volumes"),
        VOLUMES(
                CONTAINERS + ",\"volumes\":" + list(50_000, i -> "{\"name\":\"v\"}"),
                "more than 500 containers and volumes"),
        IMAGES(containers(201, i -> "registry.example/shop:" + i), "more than 200 images"),
        HOSTS(containers(33, i -> "h" + i + ".example/a"), "images of more than 32 registries"),
        PULL_SECRETS(
                CONTAINERS + ",\"imagePullSecrets\":" + list(100_000, i -> "{\"name\":\"a\"}"),
                "more than 20,000 fields"),
        NESTED(CONTAINERS + ",\"os\":" + "{\"a\":".repeat(9_000) + "1" + "}".repeat(9_000), "more than 100 levels"),
        FIELDS(CONTAINERS + ",\"nodeName\":" + list(90_000, i -> "[]"), "more than 20,000 fields"),
        NAMES(
                CONTAINERS + ",\"nodeSelector\":{\"" + "k".repeat(600_000) + "\":\"\"}",
                "more than 524,288 characters in names"),
        IMAGE_NAME(containers(1, i -> "a/".repeat(300_000)), "more than 524,288 characters in names");

        private final String spec;
        private final String limit;

        TooLarge(String spec, String limit) {
            this.spec = spec;
            this.limit = limit;
        }
    }

    private static final String VALUES = "more than 2,000 node selector values and tolerations";

    @ParameterizedTest
    @EnumSource
    @DisplayName("what is too large to check costs no request, and onUnresolved decides")
    void tooLarge(TooLarge example) {
        Answer warned = admissions.answer(create(example.spec));

        assertThat(warned.allowed()).isTrue();
        assertThat(warned.warnings())
                .containsExactly("Stowage: Pod web was not checked: it is too large to check: " + example.limit);
        assertThat(admissions.lastOutcome().decision()).isEqualTo(Decision.UNCHECKED);

        admissions.policy = admissions.policy.withOnUnresolved(Action.DENY);
        Answer denied = admissions.answer(create(example.spec));

        assertThat(denied.allowed()).isFalse();
        assertThat(denied.message()).contains("it is too large to check: " + example.limit);
        assertThat(admissions.registry.asked()).isEmpty();
    }

    @Test
    @DisplayName("a workload at the limits is checked")
    void atTheLimits() {
        String values = "["
                + IntStream.range(0, 1_990)
                        .mapToObj(i -> "\"" + colliding(i) + "\"")
                        .collect(Collectors.joining(",")) + ",\"amd64\"]";
        String affinity =
                affinity("[{\"matchExpressions\":[{\"key\":\"kubernetes.io/arch\",\"operator\":\"In\",\"values\":"
                        + values + "}]}]");
        Answer answer = admissions.answer(create(containers(500, i -> IMAGE) + ",\"affinity\":" + affinity));

        assertThat(answer.allowed()).isTrue();
        assertThat(answer.warnings()).isEmpty();
        assertThat(admissions.lastOutcome().decision()).isEqualTo(Decision.ALLOWED);

        admissions.answer(create(containers(200, i -> "h" + i % 32 + ".example/shop:" + i)));
        assertThat(admissions.lastOutcome().policy()).hasSize(1);
    }

    @RepeatedTest(50)
    @DisplayName("a large workload is never evaluated on the thread that read it")
    void largeOnOtherThreads() {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        admissions.cluster.templateDefaults(new TemplateDefaults() {
            @Override
            public Workload applyTo(Workload template) {
                threads.add(Thread.currentThread().getName());
                return template;
            }

            @Override
            public Optional<String> refusal(Workload template) {
                return Optional.empty();
            }
        });
        String deployment =
                "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\"},\"spec\":{\"template\":"
                        + "{\"spec\":{" + containers(100, i -> IMAGE) + "}}}}";

        admissions.answer(bytes(review("CREATE", deployment, "null")));

        assertThat(threads).singleElement().asString().startsWith("large-review");
    }

    @Test
    @DisplayName("an old object that is too large to compare makes every image new")
    void oldObjectTooLarge() {
        String old = pod(TooLarge.NODE_SELECTOR.spec);
        String now = pod(containers(1, i -> "registry.example/UPPER:1"));
        String update = review("UPDATE", now, old);

        assertThat(admissions.answer(bytes(update)).allowed()).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "an annotation of 3 MiB of escapes | annotations | {\"a\":\" | \\u003c | 3145728 | \"}",
                "managed fields 9,000 levels deep | managedFields | '' | [ | 9000 | ''",
                "a name of 60,000 characters | annotations | {\" | n | 60000 | \":\"\"}",
                "a name of 3 MiB of escapes | annotations | {\" | \\u003c | 3145728 | \":\"\"}",
                "a number of 100,000 digits | annotations | {\"a\": | 7 | 100000 | }"
            })
    @DisplayName("what is skipped has no limits: ")
    void skipped(String what, String field, String begin, String repeated, int times, String end) {
        String value = begin + repeated.repeat(times) + end + ("[".equals(repeated) ? "]".repeat(times) : "");
        String metadata = "\"metadata\":{\"name\":\"web\",\"" + field + "\":" + value + "}";
        String object = pod(containers(1, i -> "registry.example/UPPER:1"))
                .replace("\"metadata\":{\"name\":\"web\"}", metadata);

        Answer answer = admissions.answer(bytes(review("UPDATE", object, object.replace("UPPER", "shop"))));

        assertThat(answer.warnings()).isEmpty();
        assertThat(answer.allowed()).isFalse();
    }

    @Test
    @DisplayName("field names of equal hash codes are skipped in linear time")
    void collidingNames() {
        String metadata = "\"metadata\":{\"name\":\"web\",\"annotations\":" + object(200_000, i -> "1") + "}";
        String object = pod(containers(1, i -> "registry.example/UPPER:1"))
                .replace("\"metadata\":{\"name\":\"web\"}", metadata);

        assertThat(admissions.answer(bytes(review("CREATE", object, "null"))).allowed())
                .isFalse();
    }

    private static byte[] create(String spec) {
        return bytes(review("CREATE", pod(spec), "null"));
    }

    private static String pod(String spec) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"web\"},\"spec\":{" + spec + "}}";
    }

    private static String review(String operation, String object, String oldObject) {
        return "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"1\",\"kind\":{\"kind\":\"Pod\"},"
                + "\"name\":\"web\",\"namespace\":\"shop\",\"operation\":\"" + operation
                + "\",\"userInfo\":{},\"object\":" + object
                + ",\"oldObject\":" + oldObject + ",\"dryRun\":true}}";
    }

    private static String containers(int count, IntFunction<String> image) {
        return "\"containers\":" + list(count, i -> "{\"name\":\"c" + i + "\",\"image\":\"" + image.apply(i) + "\"}");
    }

    private static String affinity(String terms) {
        return "{\"nodeAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":{\"nodeSelectorTerms\":" + terms
                + "}}}";
    }

    private static String terms(String operator, String values) {
        return "[{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"" + operator + "\",\"values\":" + values + "}]}]";
    }

    private static String collidingValues(int count) {
        return list(count, i -> "\"" + colliding(i) + "\"");
    }

    private static String list(int count, IntFunction<String> item) {
        return IntStream.range(0, count).mapToObj(item).collect(Collectors.joining(",", "[", "]"));
    }

    private static String object(int count, IntFunction<String> value) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"" + colliding(i) + "\":" + value.apply(i))
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** Distinct strings of the same hash code: "Aa" and "BB" have one. */
    private static String colliding(int number) {
        StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < 19; bit++) {
            text.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return text.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
