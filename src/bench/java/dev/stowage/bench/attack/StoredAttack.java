package dev.stowage.bench.attack;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.stream.IntStream;

/** Objects in the API server that are expensive to whoever lists or watches them. */
final class StoredAttack {

    private static final int HEAVY = 24;
    private static final int VALUES = 130_000;

    private final Setting setting;
    private final KubernetesClient client;
    private final boolean control;
    private final String image;
    private volatile boolean ended;

    private StoredAttack(Setting setting, boolean control) {
        this.setting = setting;
        this.control = control;
        this.client = setting.client().orElseThrow();
        this.image = setting.shared().address() + "/e4/stored:1";
    }

    /**
     * Creates them, one after the other.
     *
     * @param control whether they are PodTemplates, which cost the API server the same, and of which Stowage keeps nothing
     */
    static AutoCloseable create(Setting setting, boolean control) {
        StoredAttack attack = new StoredAttack(setting, control);
        Thread creator = new Thread(attack::createAll, "stored-attack");
        creator.start();
        return () -> {
            attack.ended = true;
            creator.join();
        };
    }

    private void createAll() {
        String values = HostileReviews.term(
                IntStream.range(0, VALUES).mapToObj(i -> "v" + i).toList());
        String one = HostileReviews.containers(List.of(image));
        for (int i = 0; i < HEAVY && !ended; i++) {
            create(i, "heavy-" + i, "", HostileReviews.affinity(values) + "," + one);
        }
        create(
                0,
                "images",
                "",
                HostileReviews.containers(
                        HostileReviews.images(3_000, i -> setting.shared().address() + "/e4/stored-" + i + ":1")));
        create(
                1,
                "deep",
                ",\"managedFields\":[{\"manager\":\"odd\",\"operation\":\"Update\",\"apiVersion\":\"apps/v1\","
                        + "\"time\":\"2026-01-01T00:00:00Z\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":"
                        + HostileReviews.deepFields(1_100) + "}]",
                one);
        create(
                2,
                "long",
                ",\"annotations\":{\"a\":\"" + "<".repeat(200_000) + "\"}",
                one.replace("}]", ",\"env\":[{\"name\":\"" + "E".repeat(60_000) + "\",\"value\":\"x\"}]}]"));
    }

    private void create(int number, String name, String metadata, String podSpec) {
        String metadataField = "\"metadata\":{\"name\":\"" + name + "\"" + metadata + "},";
        String template = "\"template\":{\"metadata\":{\"labels\":{\"app\":\"x\"}},\"spec\":{" + podSpec + "}}";
        String object = control
                ? "{\"apiVersion\":\"v1\",\"kind\":\"PodTemplate\"," + metadataField + template + "}"
                : "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\"," + metadataField
                        + "\"spec\":{\"selector\":{\"matchLabels\":{\"app\":\"x\"}}," + template + "}}";
        String namespace = "/namespaces/" + HostileReviews.namespace(number);
        String path = control ? "/api/v1" + namespace + "/podtemplates" : "/apis/apps/v1" + namespace + "/deployments";
        try {
            client.raw(path, "POST", object);
            setting.answers().add("created");
        } catch (KubernetesClientException e) {
            setting.answers().add("refused (" + e.getMessage() + ")");
        }
    }
}
