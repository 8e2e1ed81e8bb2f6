package dev.stowage.bench.attack;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reviews of pods that are as expensive as a tenant can make them. */
final class HostileReviews {

    static final int NAMESPACES = 4;

    private static final int MEGABYTE = 1 << 20;
    private static final int LIMIT_VALUES = 1_900;
    private static final String LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private HostileReviews() {}

    /** A review of a pod in a namespace. */
    static Buffer review(String uid, String namespace, String metadata, String spec) {
        return Buffer.buffer(
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\""
                        + uid
                        + "\",\"kind\":{\"group\":\"\",\"version\":\"v1\",\"kind\":\"Pod\"},\"resource\":{\"group\":\"\","
                        + "\"version\":\"v1\",\"resource\":\"pods\"},\"name\":\"odd\",\"namespace\":\"" + namespace
                        + "\",\"operation\":\"CREATE\",\"userInfo\":{\"username\":\"mallory\",\"groups\":[\"system:authenticated\"]},"
                        + "\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"odd\",\"namespace\":\""
                        + namespace + "\"" + metadata + "},\"spec\":{" + spec
                        + "}},\"oldObject\":null,\"dryRun\":true}}");
    }

    /** A namespace of attackers. */
    static String namespace(int number) {
        return "attack-" + Math.floorMod(number, NAMESPACES);
    }

    /** 400,000 values of a node affinity with as few different hash codes as 3 MB allow. */
    static Buffer colliding(int number, String image) {
        return review(
                "a", namespace(number), "", affinity(term(colliding(400_000))) + "," + containers(List.of(image)));
    }

    /** 12,000 containers, each with an image of a registry of its own, none of which answers. */
    static Buffer hosts(int number, int port) {
        return review(
                "a",
                namespace(number),
                padding(2 * MEGABYTE),
                containers(images(
                        12_000, i -> "127.1." + (i >> 8) + "." + (i & 255) + ":" + port + "/team/i" + number + ":1")));
    }

    /** 3,000 images of one registry. */
    static Buffer images(int number, String registry) {
        return review(
                "a",
                namespace(number),
                padding(2 * MEGABYTE),
                containers(images(3_000, i -> registry + "/e4/x" + number + "-" + i + ":1")));
    }

    /** As many values as are checked, each a term of its own, so that every node is compared with every one; each time others. */
    static Buffer atLimit(int number, String image) {
        String terms = IntStream.range(0, LIMIT_VALUES)
                .mapToObj(i -> term(List.of("v" + number + "-" + i)))
                .collect(Collectors.joining(","));
        return review(
                "a", namespace(number), padding(2 * MEGABYTE), affinity(terms) + "," + containers(List.of(image)));
    }

    /** As many images as are checked, of as many registries as are checked, none of them seen before. */
    static Buffer unseen(int number, String registry, int port) {
        return review(
                "a",
                namespace(number),
                "",
                containers(images(
                        200,
                        i -> i < 31
                                ? "127.2." + (number & 255) + "." + i + ":" + port + "/team/i:1"
                                : registry + "/single/x" + number + "-" + i + ":1")));
    }

    /** Escapes of six bytes for a character of one. */
    static Buffer escapes(String uid, int number, int megabytes, String image) {
        return review(
                uid,
                namespace(number),
                ",\"annotations\":{\"a\":\"" + "\\u003c".repeat(megabytes * MEGABYTE / 6) + "\"}",
                containers(List.of(image)));
    }

    /** Managed fields deeper than parsers go by default. */
    static Buffer deep(String uid, int number, String image) {
        return review(
                uid,
                namespace(number),
                ",\"managedFields\":[{\"manager\":\"odd\",\"fieldsV1\":" + deepFields(520) + "}]",
                containers(List.of(image)));
    }

    static String deepFields(int levels) {
        return "{\"f:a\":".repeat(levels) + "{}" + "}".repeat(levels);
    }

    /** Names of 60,000 characters. */
    static Buffer longNames(String uid, int number, String image) {
        String name = "n".repeat(60_000);
        return review(
                uid,
                namespace(number),
                ",\"labels\":{\"" + name + "\":\"x\"},\"managedFields\":[{\"fieldsV1\":{\"f:" + name + "\":{}}}]",
                containers(List.of(image)));
    }

    /** A pod of one image. */
    static Buffer plain(String namespace, String image) {
        return review("a", namespace, "", containers(List.of(image)));
    }

    static String containers(List<String> images) {
        StringBuilder containers = new StringBuilder("\"containers\":[");
        for (int i = 0; i < images.size(); i++) {
            containers
                    .append(i == 0 ? "" : ",")
                    .append("{\"name\":\"c")
                    .append(i)
                    .append("\",\"image\":\"");
            containers.append(images.get(i)).append("\"}");
        }
        return containers.append(']').toString();
    }

    static String affinity(String terms) {
        return "\"affinity\":{\"nodeAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":{\"nodeSelectorTerms\":["
                + terms + "]}}}";
    }

    static String term(List<String> values) {
        return "{\"matchExpressions\":[{\"key\":\"kubernetes.io/arch\",\"operator\":\"In\",\"values\":[\""
                + String.join("\",\"", values) + "\"]}]}";
    }

    static List<String> images(int count, IntFunction<String> image) {
        return IntStream.range(0, count).mapToObj(image).toList();
    }

    private static String padding(int bytes) {
        return ",\"annotations\":{\"a\":\"" + "x".repeat(bytes) + "\"}";
    }

    /** Strings of four letters, those of the most frequent hash codes first. */
    private static List<String> colliding(int count) {
        int[] perHash = new int[4_000_000];
        int all = (int) Math.pow(LETTERS.length(), 4);
        for (int i = 0; i < all; i++) {
            perHash[four(i).hashCode()]++;
        }
        int least = 0;
        for (int sum = Integer.MAX_VALUE; sum >= count; ) {
            sum = 0;
            least++;
            for (int same : perHash) {
                sum += same >= least ? same : 0;
            }
        }
        List<String> values = new ArrayList<>(count);
        for (int i = 0; i < all && values.size() < count; i++) {
            String value = four(i);
            if (perHash[value.hashCode()] >= least - 1) {
                values.add(value);
            }
        }
        return values;
    }

    private static String four(int number) {
        int base = LETTERS.length();
        char[] four = new char[4];
        for (int i = 0, rest = number; i < four.length; i++, rest /= base) {
            four[i] = LETTERS.charAt(rest % base);
        }
        return new String(four);
    }
}
