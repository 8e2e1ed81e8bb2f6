package dev.stowage.kube;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Limits the size of the pages of lists, which fabric8 holds in memory as a whole: a page that grows too large is dropped, and from
 * then on this list is requested in smaller pages, down to single objects.
 */
final class PageLimit implements Interceptor {

    static final String NAME = "stowage-page-limit";

    /** Ordinary pods are some 8 kB; a single object can be larger than this. */
    static final int MAX_BYTES = 4 << 20;

    private static final Logger LOG = System.getLogger(PageLimit.class.getName());
    private static final Pattern LIMIT = Pattern.compile("(?<=[?&]limit=)\\d+");
    private static final int DIVISOR = 8;

    private static final AtomicLong DROPPED = new AtomicLong();

    private final Map<String, Integer> limits = new ConcurrentHashMap<>();

    /** How many pages were dropped so far. */
    static long dropped() {
        return DROPPED.get();
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        Integer limit = limits.get(request.uri().getPath());
        int wanted = limit(request.uri());
        if (limit != null && limit < wanted) {
            String smaller = LIMIT.matcher(request.uri().toString()).replaceFirst(limit.toString());
            builder.uri(URI.create(smaller));
        }
    }

    @Override
    public AsyncBody.Consumer<List<ByteBuffer>> consumer(
            AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
        int limit = limit(request.uri());
        return limit <= 1 ? consumer : new Counted(consumer, request.uri().getPath(), limit);
    }

    /** How many objects the request is for at most; 0 if it is not one for a page. */
    private static int limit(URI uri) {
        Matcher limit = LIMIT.matcher(uri.toString());
        return limit.find() ? Integer.parseInt(limit.group()) : 0;
    }

    private final class Counted implements AsyncBody.Consumer<List<ByteBuffer>> {

        private final AsyncBody.Consumer<List<ByteBuffer>> consumer;
        private final String path;
        private final int limit;
        private long bytes;

        Counted(AsyncBody.Consumer<List<ByteBuffer>> consumer, String path, int limit) {
            this.consumer = consumer;
            this.path = path;
            this.limit = limit;
        }

        @Override
        public void consume(List<ByteBuffer> value, AsyncBody body) throws Exception {
            for (ByteBuffer buffer : value) {
                bytes += buffer.remaining();
            }
            if (bytes > MAX_BYTES) {
                int smaller = limits.merge(path, Math.max(1, limit / DIVISOR), Math::min);
                String problem = path + ": a page of " + limit + " objects is larger than " + (MAX_BYTES >> 20)
                        + " MiB; the list is requested again, in pages of " + smaller;
                LOG.log(Level.INFO, "{0}", problem);
                DROPPED.incrementAndGet();
                throw new IOException(problem);
            }
            consumer.consume(value, body);
        }

        @Override
        public <U> U unwrap(Class<U> target) {
            return consumer.unwrap(target);
        }
    }
}
