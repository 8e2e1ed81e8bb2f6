package dev.stowage.serve;

import dev.stowage.admission.ReviewPaths;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;

/** Refuses what does not come to the path of reviews, before any of its body is read. */
@Singleton
final class ReviewPathFilter {

    private static final int FIRST = 2000;

    /** Exactly: a longer path would be found by another resource. */
    private static final Pattern WARM_UP = Pattern.compile(Pattern.quote(WarmUp.PREFIX) + "[0-9a-f-]{36}");

    private final ReviewPaths paths;

    ReviewPathFilter(ReviewPaths paths) {
        this.paths = paths;
    }

    void register(@Observes Filters filters) {
        filters.register(this::handle, FIRST);
    }

    private void handle(RoutingContext context) {
        String path = context.request().path();
        if (paths.accepts(path) || WARM_UP.matcher(path).matches()) {
            context.next();
            return;
        }
        context.request().resume();
        context.response().setStatusCode(404).end();
    }
}
