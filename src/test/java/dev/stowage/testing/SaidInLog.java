package dev.stowage.testing;

import java.text.MessageFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What Stowage writes into its log while this is open. */
public final class SaidInLog extends Handler {

    private static final Logger OURS = Logger.getLogger("dev.stowage");

    private final List<String> lines = new CopyOnWriteArrayList<>();

    /** Begins to listen. */
    public SaidInLog() {
        OURS.addHandler(this);
    }

    /** The messages so far, in order. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void publish(LogRecord record) {
        Object[] parameters = record.getParameters();
        lines.add(
                parameters == null || parameters.length == 0
                        ? record.getMessage()
                        : MessageFormat.format(record.getMessage(), parameters));
    }

    @Override
    public void flush() {
        // nothing is held back
    }

    @Override
    public void close() {
        OURS.removeHandler(this);
    }
}
