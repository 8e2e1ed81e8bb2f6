package dev.stowage.soak;

import static dev.stowage.testing.FakeRegistryAnswer.endless;
import static dev.stowage.testing.FakeRegistryAnswer.headersOnly;
import static dev.stowage.testing.FakeRegistryAnswer.ok;
import static dev.stowage.testing.FakeRegistryAnswer.redirect;
import static dev.stowage.testing.FakeRegistryAnswer.reset;
import static dev.stowage.testing.FakeRegistryAnswer.silence;
import static dev.stowage.testing.FakeRegistryAnswer.status;

import dev.stowage.oci.MediaTypes;
import dev.stowage.testing.FakeRegistryAuth;
import dev.stowage.testing.FakeRegistryServer.Handler;
import dev.stowage.testing.FakeRegistryServer.Request;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Stands before a fake registry and spoils its answers as the weather there is: calm, stormy, or out altogether. Most faults say
 * nothing about an image. Lies do (a registry that says 404 denies that it has the image), so it is kept when one was last told.
 */
final class SoakFaults implements FakeRegistryAuth {

    /** A fault and whether it is a lie about the image. */
    private record Fault(String name, boolean lie, Handler answer) {}

    private static final Fault[] FAULTS = {
        fault("500", status(500)),
        fault("502", status(502)),
        fault("503", status(503)),
        fault("504", status(504)),
        fault("429", status(429).header("Retry-After", "1")),
        fault("401 without a challenge", status(401)),
        fault("403", status(403).error("DENIED", "no")),
        fault("418", status(418)),
        fault("reset", reset()),
        fault("silence", silence()),
        // of small content it declares another size than the index
        lie("headers without a body", headersOnly()),
        fault("a byte now and then", inBits(true)),
        fault("cut short", inBits(false)),
        fault("redirect in a loop", (request, line) -> redirect(307, request.target())
                .answer(request, line)),
        fault("redirect to a metadata service", redirect(302, "http://169.254.169.254/latest")),
        fault("redirect to nowhere", redirect(302, "")),
        lie("404", status(404).error("MANIFEST_UNKNOWN", "unknown")),
        lie("400", status(400)),
        lie("a page of HTML", ok("text/html", bytes("<html>log in</html>"))),
        lie(
                "another digest",
                ok(MediaTypes.OCI_INDEX, bytes("{}")).header("Docker-Content-Digest", "sha256:" + "0".repeat(64))),
        lie("without end", endless(MediaTypes.OCI_INDEX)),
    };

    private static final double STORM = 0.25;
    private static final double CALM = 0.01;

    private final Random random;
    private final FakeRegistryAuth within;
    private final Map<String, LongAdder> made;
    private final Map<String, Long> lies = new ConcurrentHashMap<>();
    private volatile double share = STORM;
    private volatile Fault only;

    /**
     * @param seed the seed of all chance here
     * @param within what the registry asks for in calm weather
     * @param made counts faults by name
     */
    SoakFaults(long seed, FakeRegistryAuth within, Map<String, LongAdder> made) {
        this.random = new Random(seed);
        this.within = within;
        this.made = made;
    }

    /** Other weather: one time in six an outage of one kind, two in six a storm, else a calm with a fault now and then. */
    void change() {
        int die = random.nextInt(6);
        only = die == 0 ? FAULTS[random.nextInt(12)] : null;
        share = die == 0 ? 1 : die < 3 ? STORM : CALM;
    }

    /** No more faults. */
    void clear() {
        only = null;
        share = 0;
    }

    /** Whether something untrue was said about this repository within so many seconds. */
    boolean liedAbout(String repository, long seconds) {
        Long last = lies.get(repository);
        return last != null && System.nanoTime() - last < TimeUnit.SECONDS.toNanos(seconds);
    }

    @Override
    public Handler objection(Request request, String url) {
        Fault outage = only;
        if (random.nextDouble() >= share) {
            return within.objection(request, url);
        }
        if (random.nextInt(8) == 0) {
            made.computeIfAbsent("slow", name -> new LongAdder()).increment();
            pause(random.nextInt(400));
            return within.objection(request, url);
        }
        Fault fault = outage == null ? FAULTS[random.nextInt(FAULTS.length)] : outage;
        made.computeIfAbsent(fault.name(), name -> new LongAdder()).increment();
        if (!fault.lie()) {
            return fault.answer();
        }
        String repository = request.path().replaceFirst("/v2/(.+)/(manifests|blobs)/.*", "$1");
        return (asked, line) -> {
            lies.put(repository, System.nanoTime());
            try {
                fault.answer().answer(asked, line);
            } finally {
                lies.put(repository, System.nanoTime());
            }
        };
    }

    /** Answers in bits without declaring a length, which would contradict what an index declares: endlessly, or up to a break. */
    private static Handler inBits(boolean goesOn) {
        return (request, line) -> {
            line.write("HTTP/1.1 200 OK\r\nContent-Type: " + MediaTypes.OCI_INDEX
                    + "\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n");
            while (goesOn) {
                pause(100);
                line.write("1\r\n \r\n");
            }
            line.close();
        };
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Fault fault(String name, Handler answer) {
        return new Fault(name, false, answer);
    }

    private static Fault lie(String name, Handler answer) {
        return new Fault(name, true, answer);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
