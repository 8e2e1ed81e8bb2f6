package dev.stowage.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A connection as API servers make it to webhooks, HTTP/1.1 over TLS, with as little of a client as can be. */
final class OneReview implements AutoCloseable {

    private static final SSLContext TRUSTING = trusting();

    private final SSLSocket socket;
    private final OutputStream out;
    private final InputStream in;

    private OneReview(SSLSocket socket) throws IOException {
        this.socket = socket;
        this.out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
        this.in = socket.getInputStream();
    }

    /** Connects to this port of the loopback interface. */
    static OneReview connect(int port) throws IOException {
        SSLSocket socket = (SSLSocket) TRUSTING.getSocketFactory().createSocket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.startHandshake();
        return new OneReview(socket);
    }

    /** Sends a review and reads the answer; fails when it was not allowed. */
    void send(byte[] review) throws IOException {
        String head = "POST /validate HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
                + review.length + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(review);
        out.flush();
        StringBuilder answer = new StringBuilder();
        byte[] buffer = new byte[1 << 14];
        while (!isWhole(answer)) {
            int read = in.read(buffer);
            if (read < 0) {
                throw new IOException("the connection was closed after: " + answer);
            }
            answer.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
        }
        if (answer.indexOf("\"allowed\":true") < 0) {
            throw new IOException("answered with: " + answer);
        }
    }

    private static boolean isWhole(StringBuilder answer) {
        int end = answer.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        String head = answer.substring(0, end).toLowerCase(Locale.ROOT);
        int at = head.indexOf("content-length:");
        int line = at < 0 ? -1 : head.indexOf('\r', at);
        String length = at < 0 ? "0" : head.substring(at + 15, line < 0 ? head.length() : line);
        return answer.length() - end - 4 >= Integer.parseInt(length.strip());
    }

    private static SSLContext trusting() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Credulous()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** To a process of our own, whose authority nobody knows. */
    private static final class Credulous implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
