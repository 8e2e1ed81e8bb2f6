package dev.stowage.bench.attack;

import dev.stowage.bench.Reply;
import dev.stowage.bench.attack.Flood.Shot;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/** The attacks by their names. */
final class Attacks {

    /** Begins an attack, which lasts until what it returns is closed. */
    @FunctionalInterface
    interface Attack {
        AutoCloseable begin(Setting setting) throws Exception;
    }

    /** The attack by names that do not resolve. */
    static final String SILENT_NAMES = "silent-names";

    /** The attack that begins with a restart. */
    static final String RESTART = "stored-restart";

    private Attacks() {}

    /** All, in the order in which they are run. */
    static Map<String, Attack> all() {
        Map<String, Attack> attacks = new LinkedHashMap<>();
        attacks.put("none", setting -> () -> {});
        attacks.put("large", Attacks::large);
        attacks.put("many-large", Attacks::manyLarge);
        attacks.put("forged", ForgedRequests::begin);
        attacks.put("odd", Attacks::odd);
        attacks.put(SILENT_NAMES, Attacks::silentNames);
        attacks.put(
                "sick-repository",
                setting -> Flood.begin(
                        setting,
                        16,
                        i -> shot(
                                setting,
                                HostileReviews.plain(HostileReviews.namespace(i), image(setting, "sick/x-" + i)))));
        attacks.put("stored-control", setting -> StoredAttack.create(setting, true));
        attacks.put("stored", setting -> StoredAttack.create(setting, false));
        attacks.put(RESTART, setting -> () -> {});
        return attacks;
    }

    /** What an attack does, in words. */
    static String description(String attack, Setting setting) {
        return switch (attack) {
            case "none" -> "no attack";
            case "large" ->
                "reviews of 3 MB, 4 at a time: 400,000 values, 12,000 registries, 3,000 images, 1,900 terms on all nodes";
            case "many-large" ->
                "32 at a time: the same, 9 and 18 MB of escapes, 200 new images and 32 registries each, tokens";
            case "forged" -> "requests to guessed paths, up to 18 MB, 32 at a time; 200 connections that say nothing";
            case "odd" -> "520 levels, names of 60,000 characters, 18 MB of escapes, 4 at a time";
            case SILENT_NAMES ->
                setting.silentNames()
                        ? "100 names whose DNS server does not answer, 32 at a time"
                        : "100 registries that never answer, 32 at a time";
            case "sick-repository" -> "repositories that answer with 503 in the registry that all use, 16 at a time";
            case "stored-control" ->
                "none: the next row's objects as PodTemplates, which only the API server and etcd read";
            case "stored" -> "stored: 24 Deployments of 130,000 values, one of 3,000 images, deep and long ones";
            case RESTART -> "the objects of the previous attack, after a restart";
            default -> attack;
        };
    }

    private static String image(Setting setting, String repository) {
        return setting.shared().address() + "/" + repository + ":1";
    }

    private static Shot shot(Setting setting, Buffer body) {
        return Shot.at(setting.path(), body);
    }

    private static IntFunction<Shot> largeReviews(Setting setting) {
        Buffer colliding = HostileReviews.colliding(0, image(setting, "e4/odd"));
        return i -> shot(
                setting,
                switch (i % 4) {
                    case 0 -> colliding;
                    case 1 -> HostileReviews.hosts(i, setting.silentPort());
                    case 2 -> HostileReviews.images(i, setting.shared().address());
                    default -> HostileReviews.atLimit(i, image(setting, "e4/odd"));
                });
    }

    private static AutoCloseable large(Setting setting) {
        return Flood.begin(setting, 4, largeReviews(setting));
    }

    private static AutoCloseable manyLarge(Setting setting) {
        setting.tokens().tokens(true);
        IntFunction<Shot> large = largeReviews(setting);
        Buffer nine = HostileReviews.escapes("a", 0, 9, image(setting, "e4/odd"));
        Buffer eighteen = HostileReviews.escapes("a", 1, 18, image(setting, "e4/odd"));
        return Flood.begin(setting, 32, i -> switch (i % 4) {
            case 0 -> shot(setting, i % 8 == 0 ? nine : eighteen);
            case 1 -> large.apply(i / 4);
            default -> shot(setting, HostileReviews.unseen(i, setting.tokens().address(), setting.silentPort()));
        });
    }

    /** All have the image that does not run on arm64, so all have to be denied. */
    private static AutoCloseable odd(Setting setting) {
        String image = image(setting, "single/odd");
        Buffer[] bodies = {
            HostileReviews.deep("odd-0", 0, image),
            HostileReviews.longNames("odd-1", 1, image),
            HostileReviews.escapes("odd-2", 2, 18, image)
        };
        return Flood.begin(setting, 4, i -> new Shot(setting.path(), bodies[i % 3], "odd-" + i % 3, Reply.DENIED));
    }

    private static AutoCloseable silentNames(Setting setting) {
        return Flood.begin(setting, 32, i -> {
            String host = setting.silentNames()
                    ? "silent-" + i % 100 + ".test"
                    : "127.3.0." + (1 + i % 100) + ":" + setting.silentPort();
            return shot(setting, HostileReviews.plain(HostileReviews.namespace(i), host + "/team/x" + i + ":1"));
        });
    }

    /** Requests of a pod that knows the port. */
    private static final class ForgedRequests {

        private static final int IDLE_CONNECTIONS = 200;

        static AutoCloseable begin(Setting setting) {
            String[] paths = {
                "/", "/validate", "/validate/", "/validate/" + "0".repeat(64), "/health/ready", "/%2e%2e/validate"
            };
            Buffer small = HostileReviews.plain("honest-1", image(setting, "single/private"));
            Buffer large = HostileReviews.escapes("a", 0, 3, image(setting, "single/private"));
            Buffer huge = HostileReviews.escapes("a", 0, 18, image(setting, "single/private"));
            Flood flood = Flood.begin(
                    setting,
                    32,
                    i -> Shot.at(paths[i % paths.length], i % 16 == 0 ? huge : i % 4 == 0 ? large : small));
            IdleConnections idle = IdleConnections.open(setting, IDLE_CONNECTIONS);
            return () -> {
                flood.close();
                idle.close();
            };
        }
    }
}
