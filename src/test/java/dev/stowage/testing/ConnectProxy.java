package dev.stowage.testing;

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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An HTTP proxy on loopback: opens tunnels for CONNECT and forwards plain requests, whatever host they name, to one port of this machine.
 * One request a connection.
 */
public final class ConnectProxy implements AutoCloseable {

    private final ServerSocket server;
    private final int target;
    private final List<String> heads = Collections.synchronizedList(new ArrayList<>());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile String authorization = "";
    private volatile String challenge = "Basic realm=\"proxy\"";
    private volatile int refusal;

    /** @param target the port on loopback that all hosts stand for */
    public ConnectProxy(int target) {
        this.target = target;
        try {
            server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    /** Lets in only what has this header's value. */
    public ConnectProxy requiring(String authorization) {
        this.authorization = authorization;
        return this;
    }

    /** What it says it wants. */
    public ConnectProxy challenging(String challenge) {
        this.challenge = challenge;
        return this;
    }

    /** From now on every request is refused with this status. */
    public ConnectProxy refusing(int status) {
        this.refusal = status;
        return this;
    }

    /** Host and port. */
    public String host() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** Request line and headers of all requests so far. */
    public List<String> heads() {
        synchronized (heads) {
            return List.copyOf(heads);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                open.add(client);
                daemon(() -> serve(client));
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = client.getInputStream();
            String head = head(in);
            heads.add(head);
            if (refusal != 0) {
                answer(client, refusal + " Refused");
            } else if (!authorization.isEmpty()
                    && !head.contains("\r\nProxy-Authorization: " + authorization + "\r\n")) {
                answer(client, "407 Proxy Authentication Required\r\nProxy-Authenticate: " + challenge);
            } else {
                forward(client, in, head);
            }
        } catch (IOException e) {
            // one side has ended
        } finally {
            open.remove(client);
        }
    }

    private static void answer(Socket client, String statusAndHeaders) throws IOException {
        write(client, "HTTP/1.1 " + statusAndHeaders + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    private void forward(Socket client, InputStream in, String head) throws IOException {
        try (Socket onward = new Socket(InetAddress.getLoopbackAddress(), target)) {
            open.add(onward);
            if (head.startsWith("CONNECT ")) {
                write(client, "HTTP/1.1 200 Connection established\r\n\r\n");
            } else {
                write(onward, plain(head));
            }
            daemon(() -> copy(onward, client));
            in.transferTo(onward.getOutputStream());
        }
    }

    /** The request as the origin gets it: its path alone, without what was for the proxy. */
    private static String plain(String head) {
        StringBuilder plain = new StringBuilder();
        for (String line : head.split("\r\n")) {
            if (plain.isEmpty()) {
                plain.append(line.replaceFirst(" http://[^/]+", " "));
            } else if (!line.toLowerCase(Locale.ROOT).startsWith("proxy-")) {
                plain.append("\r\n").append(line);
            }
        }
        return plain.append("\r\n\r\n").toString();
    }

    private static void copy(Socket from, Socket to) {
        try (to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one side has ended
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no request");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void write(Socket to, String text) throws IOException {
        OutputStream out = to.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "connect-proxy");
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
