package dev.stowage.serve;

import dev.stowage.admission.AdmissionEndpoint;
import dev.stowage.admission.ReviewPaths;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Refuses what does not come to the path of reviews, before any of its body is read. */
@Singleton
final class ReviewPathFilter {

    private static final int FIRST = 2000;

    private final ReviewPaths paths;
    private final WarmUp warmUp;
    private final boolean steers;

    ReviewPathFilter(ReviewPaths paths, WarmUp warmUp, ServeConfig config) {
        this.paths = paths;
        this.warmUp = warmUp;
        this.steers = config.settings().steering().isOn();
    }

    void register(@Observes Filters filters) {
        filters.register(this::handle, FIRST);
    }

    private boolean accepts(String path) {
        return AdmissionEndpoint.isSteering(path)
                ? steers && paths.accepts(AdmissionEndpoint.reviewPath(path))
                : paths.accepts(path);
    }

    private void handle(RoutingContext context) {
        String path = context.request().path();
        if (accepts(path) || warmUp.accepts(path)) {
            context.next();
            return;
        }
        context.request().resume();
        context.response().setStatusCode(404).end();
    }
}
