package dev.stowage.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A wire between a client and a server that can be cut: then nothing gets through in either direction and nobody is told, as when
 * a network is partitioned. New connections are taken and lead nowhere.
 */
public final class CuttableProxy implements AutoCloseable {

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Object wire = new Object();
    private boolean cut;

    /**
     * Begins to forward.
     *
     * @param target the server's port on the loopback interface
     */
    public CuttableProxy(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    /** The port to connect to instead. */
    public int port() {
        return server.getLocalPort();
    }

    /** From now on nothing gets through. */
    public void cut() {
        synchronized (wire) {
            cut = true;
        }
    }

    /** From now on what connects gets through; the connections that were cut are reset. */
    public void mend() throws IOException {
        synchronized (wire) {
            cut = false;
            for (Socket socket : open) {
                socket.close();
            }
            open.clear();
            wire.notifyAll();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket onward = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(client);
                open.add(onward);
                daemon(() -> forward(client, onward));
                daemon(() -> forward(onward, client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void forward(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                awaitWire();
                out.write(buffer, 0, read);
                out.flush();
            }
            awaitWire();
        } catch (IOException e) {
            // one side has ended, or the wire was fixed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private void awaitWire() throws InterruptedException {
        synchronized (wire) {
            while (cut) {
                wire.wait();
            }
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "cuttable-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        mend();
    }
}
