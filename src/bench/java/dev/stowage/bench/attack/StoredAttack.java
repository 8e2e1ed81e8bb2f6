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
    private final String image;
    private volatile boolean ended;

    private StoredAttack(Setting setting) {
        this.setting = setting;
        this.client = setting.client().orElseThrow();
        this.image = setting.shared().address() + "/e4/stored:1";
    }

    /** Creates them, one after the other. */
    static AutoCloseable create(Setting setting) {
        StoredAttack attack = new StoredAttack(setting);
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
        String deployment =
                "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"" + name + "\"" + metadata
                        + "},\"spec\":{\"selector\":{\"matchLabels\":{\"app\":\"x\"}},\"template\":{\"metadata\":{\"labels\":{\"app\":\"x\"}},"
                        + "\"spec\":{" + podSpec + "}}}}";
        try {
            client.raw(
                    "/apis/apps/v1/namespaces/" + HostileReviews.namespace(number) + "/deployments",
                    "POST",
                    deployment);
            setting.answers().add("created");
        } catch (KubernetesClientException e) {
            setting.answers().add("refused (" + e.getMessage() + ")");
        }
    }
}
