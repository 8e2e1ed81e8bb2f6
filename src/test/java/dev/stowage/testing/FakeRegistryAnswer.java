package dev.stowage.testing;

import dev.stowage.testing.FakeRegistryServer.Handler;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer of a fake registry, good or bad. */
public final class FakeRegistryAnswer implements Handler {

    private final int status;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private byte[] body = new byte[0];
    private int cutAfter = Integer.MAX_VALUE;
    private long declared = -1;

    private FakeRegistryAnswer(int status) {
        this.status = status;
    }

    /** An answer of this status. */
    public static FakeRegistryAnswer status(int status) {
        return new FakeRegistryAnswer(status);
    }

    /** A redirect to there. */
    public static FakeRegistryAnswer redirect(int status, String location) {
        return status(status).header("Location", location);
    }

    /** A 200 with this body. */
    public static FakeRegistryAnswer ok(String contentType, byte[] body) {
        return status(200).header("Content-Type", contentType).body(body);
    }

    /** Headers, then a byte every 50 ms until the client hangs up. */
    public static Handler drip(String contentType) {
        return (request, line) -> {
            line.write("HTTP/1.1 200 OK\r\nContent-Type: " + contentType + "\r\nContent-Length: 1000000\r\n\r\n");
            while (true) {
                line.write("{");
                pause();
            }
        };
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Headers that promise a body, and no body. */
    public static Handler headersOnly() {
        return (request, line) -> {
            line.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n");
            line.awaitHangUp();
        };
    }

    /** Nothing at all. */
    public static Handler silence() {
        return (request, line) -> line.awaitHangUp();
    }

    /** A reset. */
    public static Handler reset() {
        return (request, line) -> line.reset();
    }

    /** Headers of 200 and then bytes without declared length until the client hangs up. */
    public static Handler endless(String contentType) {
        return (request, line) -> {
            line.write("HTTP/1.1 200 OK\r\nContent-Type: " + contentType + "\r\nConnection: close\r\n\r\n");
            byte[] part = "{".repeat(65536).getBytes(StandardCharsets.ISO_8859_1);
            while (true) {
                line.write(part);
            }
        };
    }

    /** The first answers one after another, the last one for good. */
    public static Handler inTurn(Handler... answers) {
        int[] next = {0};
        return (request, line) -> {
            Handler answer;
            synchronized (next) {
                answer = answers[Math.min(next[0]++, answers.length - 1)];
            }
            answer.answer(request, line);
        };
    }

    /** The same with this header. */
    public FakeRegistryAnswer header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** The same with this body. */
    public FakeRegistryAnswer body(byte[] body) {
        this.body = body;
        return this;
    }

    /** The same with this body. */
    public FakeRegistryAnswer body(String body) {
        return body(body.getBytes(StandardCharsets.UTF_8));
    }

    /** An error in the form of the distribution specification. */
    public FakeRegistryAnswer error(String code, String message) {
        return header("Content-Type", "application/json")
                .body("{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}]}");
    }

    /** The same, but the connection ends after so many bytes of the body. */
    public FakeRegistryAnswer cutAfter(int bytes) {
        this.cutAfter = bytes;
        return this;
    }

    /** The same, but this length is declared. */
    public FakeRegistryAnswer declaring(long length) {
        this.declared = length;
        return this;
    }

    @Override
    public void answer(FakeRegistryServer.Request request, FakeRegistryServer.Line line) throws java.io.IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Status\r\n");
        headers.forEach((name, value) -> {
            for (String one : value.split("\n")) {
                head.append(name).append(": ").append(one).append("\r\n");
            }
        });
        head.append("Content-Length: ")
                .append(declared < 0 ? body.length : declared)
                .append("\r\n\r\n");
        line.write(head.toString());
        if ("HEAD".equals(request.method())) {
            return;
        }
        line.write(cutAfter < body.length ? java.util.Arrays.copyOf(body, cutAfter) : body);
        if (cutAfter < body.length || declared > body.length) {
            line.close();
        }
    }
}
