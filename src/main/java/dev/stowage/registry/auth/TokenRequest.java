package dev.stowage.registry.auth;

import dev.stowage.registry.Credential;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * A request to a token service, after a challenge (distribution's token and OAuth2 specifications).
 *
 * @param realm the service's address, which may contain a query of its own
 * @param service whom the token is for; empty when the challenge named nobody
 * @param scopes the scopes of the token, sorted
 */
public record TokenRequest(URI realm, String service, List<String> scopes) {

    private static final String CLIENT_ID = "stowage";

    public TokenRequest {
        Objects.requireNonNull(realm, "realm");
        Objects.requireNonNull(service, "service");
        scopes = List.copyOf(new TreeSet<>(scopes));
    }

    /** A request for these scopes. */
    public static TokenRequest of(URI realm, String service, Collection<String> scopes) {
        return new TokenRequest(realm, service, List.copyOf(scopes));
    }

    /** The address to GET: the realm, with the parameters added to its own query. */
    public URI get() {
        StringBuilder query = new StringBuilder();
        if (!service.isEmpty()) {
            query.append("&service=").append(encoded(service));
        }
        for (String scope : scopes) {
            query.append("&scope=").append(encoded(scope));
        }
        if (query.length() == 0) {
            return realm;
        }
        String base = realm.toString();
        int question = base.indexOf('?');
        String joint = question < 0 ? "?" : question == base.length() - 1 || base.endsWith("&") ? "" : "&";
        return URI.create(base + joint + query.substring(1));
    }

    /** The form to POST with this credential: a password grant, or a refresh_token grant for an identity token. */
    public String form(Credential credential) {
        StringBuilder form = new StringBuilder();
        if (credential.isIdentityToken()) {
            form.append("grant_type=refresh_token&refresh_token=").append(encoded(credential.secret()));
        } else {
            form.append("grant_type=password&username=").append(encoded(credential.username()));
            form.append("&password=").append(encoded(credential.secret()));
        }
        form.append("&client_id=").append(CLIENT_ID);
        if (!service.isEmpty()) {
            form.append("&service=").append(encoded(service));
        }
        if (!scopes.isEmpty()) {
            form.append("&scope=").append(encoded(String.join(" ", scopes)));
        }
        return form.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
