package dev.stowage.bench.attack;

import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;

/** Connections over which nothing is sent; each that ends is opened again. */
final class IdleConnections implements AutoCloseable {

    private static final long AGAIN_MILLIS = 100;

    private final Setting setting;
    private final NetClient client;
    private volatile boolean ended;

    private IdleConnections(Setting setting) {
        this.setting = setting;
        this.client = setting.vertx()
                .createNetClient(new NetClientOptions().setSsl(true).setTrustAll(true));
    }

    static IdleConnections open(Setting setting, int count) {
        IdleConnections idle = new IdleConnections(setting);
        for (int i = 0; i < count; i++) {
            idle.connect();
        }
        return idle;
    }

    private void connect() {
        if (ended) {
            return;
        }
        client.connect(setting.port(), "127.0.0.1").onComplete(connected -> {
            if (connected.succeeded()) {
                connected.result().closeHandler(closed -> again());
            } else {
                again();
            }
        });
    }

    private void again() {
        setting.vertx().setTimer(AGAIN_MILLIS, timer -> connect());
    }

    @Override
    public void close() {
        ended = true;
        client.close();
    }
}
