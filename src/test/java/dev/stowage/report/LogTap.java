package dev.stowage.report;

import java.text.MessageFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a class says in the log. */
public final class LogTap extends Handler implements AutoCloseable {

    private final Logger logger;
    private final List<String> said = new CopyOnWriteArrayList<>();

    public LogTap(Class<?> of) {
        logger = Logger.getLogger(of.getName());
        logger.addHandler(this);
    }

    /** The messages with this in them. */
    public List<String> with(String text) {
        return said.stream().filter(message -> message.contains(text)).toList();
    }

    @Override
    public void publish(LogRecord entry) {
        Object[] parameters = entry.getParameters();
        said.add(
                parameters == null || parameters.length == 0
                        ? entry.getMessage()
                        : MessageFormat.format(entry.getMessage(), parameters));
    }

    @Override
    public void flush() {
        // nothing is held back
    }

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
