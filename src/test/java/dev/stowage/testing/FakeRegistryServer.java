package dev.stowage.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** A small HTTP/1.1 server on loopback whose answers may break every rule, since they write to the connection themselves. */
public final class FakeRegistryServer implements AutoCloseable {

    /**
     * A request as it came.
     *
     * @param method the method
     * @param target path and query
     * @param headers the headers, names in lower case
     * @param body the body, a character for each byte; empty when there was none
     */
    public record Request(String method, String target, Map<String, String> headers, String body) {
        /** The path without query. */
        public String path() {
            int question = target.indexOf('?');
            return question < 0 ? target : target.substring(0, question);
        }

        /** The body. */
        public byte[] bytes() {
            return body.getBytes(StandardCharsets.ISO_8859_1);
        }

        /** A header's value; empty when it is absent. */
        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    /** Answers a request, rightly or wrongly. */
    @FunctionalInterface
    public interface Handler {
        void answer(Request request, Line line) throws IOException;
    }

    /** The connection that an answer is written to. */
    public final class Line {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        private Line(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
        }

        /** Whether the client begins a TLS handshake on a connection that has none. */
        private boolean greetsWithTls() throws IOException {
            in.mark(1);
            int first = in.read();
            in.reset();
            return first == 0x16;
        }

        /** Sends these bytes. */
        public void write(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /** Sends this text. */
        public void write(String text) throws IOException {
            write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        /** Waits until the client hangs up. */
        public void awaitHangUp() throws IOException {
            while (in.read() >= 0) {
                // more of what nobody reads
            }
            throw new IOException("hung up");
        }

        /** Ends the connection with a reset. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Ends the connection. */
        public void close() throws IOException {
            socket.close();
        }
    }

    private final ServerSocket server;
    private final Handler handler;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
    private final Semaphore hungUp = new Semaphore(0);
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicInteger mostBusy = new AtomicInteger();

    /** Starts on a free port of 127.0.0.1; with TLS when a context is given. */
    public FakeRegistryServer(SSLContext tls, Handler handler) {
        this(tls, "127.0.0.1", handler);
    }

    FakeRegistryServer(SSLContext tls, String address, Handler handler) {
        this.handler = handler;
        try {
            InetAddress loopback = InetAddress.getByName(address);
            server = tls == null
                    ? new ServerSocket(0, 1000, loopback)
                    : tls.getServerSocketFactory().createServerSocket(0, 1000, loopback);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    /** The port. */
    public int port() {
        return server.getLocalPort();
    }

    /** All requests so far. */
    public List<Request> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** Forgets the requests so far. */
    public void forget() {
        requests.clear();
    }

    /** How many connections there have been. */
    public int connections() {
        return connections.get();
    }

    /** The most requests that were being answered at a time. */
    public int mostBusy() {
        return mostBusy.get();
    }

    /** Waits until so many answers were broken off by the client; false when that takes more than five seconds. */
    public boolean awaitHangUps(int count) throws InterruptedException {
        return hungUp.tryAcquire(count, 5, TimeUnit.SECONDS);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                open.add(socket);
                start(() -> serve(socket));
            } catch (IOException e) {
                // closed, or a client that went away
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            Line line = new Line(socket);
            if (line.greetsWithTls()) {
                line.write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
                return;
            }
            while (!socket.isClosed()) {
                Request request = read(line.in);
                if (request == null) {
                    return;
                }
                requests.add(request);
                mostBusy.accumulateAndGet(busy.incrementAndGet(), Math::max);
                try {
                    handler.answer(request, line);
                } catch (IOException e) {
                    hungUp.release();
                    return;
                } finally {
                    busy.decrementAndGet();
                }
            }
        } catch (IOException e) {
            // the client went away between requests
        } finally {
            open.remove(socket);
        }
    }

    private static Request read(InputStream in) throws IOException {
        String first = line(in);
        if (first == null) {
            return null;
        }
        Map<String, String> headers = new TreeMap<>();
        for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).trim());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
        String[] words = first.split(" ");
        return new Request(words[0], words[1], headers, body);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "fake-registry");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
