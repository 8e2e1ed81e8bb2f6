package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.image.Digest;
import dev.stowage.image.ImageReference;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.NodeProfile;
import dev.stowage.registry.Deadline;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.cache.Recollection;
import dev.stowage.resolve.ImageRecorder.Recorded;
import dev.stowage.testing.TravelClock;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What reports remember, written and taken over. */
class RecollectorTest {

    private static final String IMAGE = "registry.example/shop/web:1";
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final Recollection KNOWN = new Recollection(
            "secret login 8a2f 17",
            digest("index"),
            MediaTypes.OCI_INDEX,
            "{\"manifests\":[]}",
            List.of(
                    new Recollection.Part(Recollection.Kind.MANIFEST, digest("manifest"), 411, "{\"config\":{}}"),
                    new Recollection.Part(Recollection.Kind.CONFIG, digest("config"), 52, "{\"os\":\"linux\"}")));

    private final TravelClock clock = new TravelClock(NOW);
    private final List<String> recalled = new ArrayList<>();
    private final List<Recollection> taken = new ArrayList<>();
    private Optional<byte[]> key = Optional.of("key".getBytes(StandardCharsets.UTF_8));
    private final Recollector recollector = new Recollector(new Memory(), "docker.io", clock);

    private final class Memory implements ImageMemory {
        @Override
        public CompletableFuture<Optional<Recorded>> record(
                ImageReference reference, Set<NodeProfile> profiles, Keyring keyring, Deadline deadline) {
            return CompletableFuture.completedFuture(Optional.of(new Recorded(KNOWN, Duration.ofMinutes(2))));
        }

        @Override
        public void recall(String namespace, ImageReference reference, Recollection known, Duration age) {
            recalled.add(namespace + " " + reference.canonical() + " " + age);
            taken.add(known);
        }

        @Override
        public Optional<byte[]> key() {
            return key;
        }
    }

    private static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private ImageReport written(String namespace) {
        ImageReportStatus.Recollection recollection = recollector
                .recollect(namespace, IMAGE, Set.of(), Keyring.ANONYMOUS, Deadline.in(Duration.ofSeconds(1)))
                .join()
                .orElseThrow();
        ImageReport report = new ImageReport();
        report.setMetadata(new ObjectMetaBuilder()
                .withName("web")
                .withNamespace(namespace)
                .withGeneration(1L)
                .build());
        report.setSpec(ImageReportSpec.of(IMAGE));
        report.setStatus(new ImageReportStatus(
                1L,
                "Compatible",
                "Runs",
                null,
                KNOWN.digest().toString(),
                null,
                null,
                KNOWN.mediaType(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                recollection));
        return report;
    }

    @Test
    void whatIsWrittenIsTakenOverAsItWas() {
        ImageReport report = written("shop");
        clock.travel(Duration.ofMinutes(3));

        assertThat(recollector.recall(report)).isTrue();
        assertThat(recalled).containsExactly("shop " + IMAGE + " PT5M");
        assertThat(taken).containsExactly(KNOWN);
    }

    @Test
    void itHoldsNoPasswordAndNothingMadeOfOne() {
        assertThat(written("shop").getStatus().recollection().readAs()).isEqualTo("secret login 8a2f 17");
    }

    static Stream<Arguments> edits() {
        return Stream.of(
                edit("another text", json -> recollection(json).put("text", "{\"manifests\":[{}]}")),
                edit("another reader", json -> recollection(json).put("readAs", "anonymous")),
                edit("a later time", json -> recollection(json).put("seenAt", "2026-11-24T10:00:00Z")),
                edit(
                        "another digest",
                        json -> json.put("digest", digest("other").toString())),
                edit("no digest", json -> json.remove("digest")),
                edit("another type", json -> json.put("mediaType", MediaTypes.DOCKER_LIST)),
                edit("another part", json -> part(json, 1).put("text", "{\"os\":\"windows\"}")),
                edit("a part of another kind", json -> part(json, 1).put("kind", "Manifest")),
                edit("a part of another digest", json -> part(json, 0).put("digest", "sha256:0")),
                edit("a part of another size", json -> part(json, 0).put("size", 412)),
                edit("a part less", json -> ((ArrayNode) recollection(json).get("parts")).remove(1)),
                edit("no parts", json -> recollection(json).remove("parts")),
                edit("no seal", json -> recollection(json).remove("seal")),
                edit("another seal", json -> recollection(json).put("seal", "AAAA")),
                edit("about another generation", json -> json.put("observedGeneration", 2)),
                edit("about no generation", json -> json.remove("observedGeneration")),
                edit("nothing", json -> json.remove("recollection")));
    }

    private static Arguments edit(String name, Consumer<ObjectNode> edit) {
        return Arguments.of(name, edit);
    }

    private static ObjectNode recollection(ObjectNode status) {
        return (ObjectNode) status.get("recollection");
    }

    private static ObjectNode part(ObjectNode status, int number) {
        return (ObjectNode) recollection(status).get("parts").get(number);
    }

    @ParameterizedTest(name = "fault 24: edited by people: {0}")
    @MethodSource("edits")
    void whatPeopleEditedIsNotTakenOver(String name, Consumer<ObjectNode> edit) throws Exception {
        ImageReport report = written("shop");
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = mapper.valueToTree(report.getStatus());
        edit.accept(json);
        report.setStatus(mapper.treeToValue(json, ImageReportStatus.class));

        assertThat(recollector.recall(report)).isFalse();
        assertThat(recalled).isEmpty();
    }

    @Test
    @DisplayName("fault 13: a status that is copied into another namespace, or to another image, is not taken over")
    void aCopyElsewhereIsNotTakenOver() {
        ImageReport report = written("shop");
        report.getMetadata().setNamespace("other");
        assertThat(recollector.recall(report)).isFalse();
        assertThat(recollector.isGenuine(report)).isFalse();

        ImageReport other = written("shop");
        other.setSpec(ImageReportSpec.of("registry.example/shop/web:2"));
        assertThat(recollector.recall(other)).isFalse();
        assertThat(recalled).isEmpty();
    }

    @Test
    void anotherKeyVoidsIt() {
        ImageReport report = written("shop");
        key = Optional.of("another".getBytes(StandardCharsets.UTF_8));

        assertThat(recollector.isGenuine(report)).isFalse();
        assertThat(recollector.recall(report)).isFalse();
    }

    @Test
    void withoutAKeyNothingIsWrittenOrTakenOverAndNothingIsHeldForForged() {
        ImageReport report = written("shop");
        key = Optional.empty();

        assertThat(recollector.recall(report)).isFalse();
        assertThat(recollector.isGenuine(report)).isTrue();
        assertThat(recollector
                        .recollect("shop", IMAGE, Set.of(), Keyring.ANONYMOUS, Deadline.in(Duration.ofSeconds(1)))
                        .join())
                .isEmpty();
    }

    @Test
    @DisplayName("fault 21: what a clock that was ahead has written is not taken over")
    void fault21WhatWillBeSeenIsNotTakenOver() {
        ImageReport report = written("shop");
        clock.travel(Duration.ofHours(-2));

        assertThat(recollector.recall(report)).isFalse();
    }
}
