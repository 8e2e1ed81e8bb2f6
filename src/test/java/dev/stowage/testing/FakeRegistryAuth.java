package dev.stowage.testing;

import dev.stowage.testing.FakeRegistryServer.Handler;
import dev.stowage.testing.FakeRegistryServer.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What a fake registry requests before it serves anything. */
public interface FakeRegistryAuth {

    /** Nothing. */
    FakeRegistryAuth NONE = (request, url) -> null;

    /** The answer to a request that is not let in, or for the token service's own path; null to let it in. */
    Handler objection(Request request, String url);

    /** User and password with every request. */
    static FakeRegistryAuth basic(String user, String password) {
        String right = basicHeader(user, password);
        return (request, url) -> right.equals(request.header("Authorization"))
                ? null
                : FakeRegistryAnswer.status(401).header("WWW-Authenticate", "Basic realm=\"registry\"");
    }

    /** The Authorization header of Basic. */
    static String basicHeader(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** A token service at {@code /token}, whose users and their repositories are given; the user "" is anybody. */
    final class Tokens implements FakeRegistryAuth {
        private final Map<String, String> passwords = new ConcurrentHashMap<>();
        private final Map<String, Set<String>> repositories = new ConcurrentHashMap<>();
        private final Map<String, String> issued = new ConcurrentHashMap<>();
        private final AtomicInteger count = new AtomicInteger();
        private volatile String realm = "";
        private volatile boolean form = true;
        private volatile int expiresIn = 300;

        /** A user with a password who may read these repositories. */
        public Tokens user(String name, String password, String... mayRead) {
            passwords.put(name, password);
            repositories.put(name, Set.of(mayRead));
            return this;
        }

        /** What anybody may read. */
        public Tokens anybody(String... mayRead) {
            repositories.put("", Set.of(mayRead));
            return this;
        }

        /** Another address of the token service. */
        public Tokens realm(String realm) {
            this.realm = realm;
            return this;
        }

        /** Whether the OAuth form is known; else it returned 405. */
        public Tokens form(boolean form) {
            this.form = form;
            return this;
        }

        /** The lifetime that is told, in seconds. */
        public Tokens expiresIn(int seconds) {
            this.expiresIn = seconds;
            return this;
        }

        /** Forgets all tokens, so that they are refused. */
        public void revoke() {
            issued.clear();
        }

        @Override
        public Handler objection(Request request, String url) {
            if ("/token".equals(request.path())) {
                return token(request);
            }
            String header = request.header("Authorization");
            String user = header.startsWith("Bearer ") ? issued.get(header.substring(7)) : null;
            String repository = request.path().replaceFirst("/v2/(.+)/(manifests|blobs)/.*", "$1");
            if (user != null && repositories.getOrDefault(user, Set.of()).contains(repository)) {
                return null;
            }
            String address = realm.isEmpty() ? url + "/token" : realm;
            String error = user == null ? "" : ",error=\"insufficient_scope\"";
            return FakeRegistryAnswer.status(401)
                    .header(
                            "WWW-Authenticate",
                            "Bearer realm=\"" + address + "\",service=\"fake\",scope=\"repository:" + repository
                                    + ":pull\"" + error)
                    .error("UNAUTHORIZED", "authentication required");
        }

        private Handler token(Request request) {
            if ("POST".equals(request.method()) && !form) {
                return FakeRegistryAnswer.status(405);
            }
            String user = userOf(request);
            if (user == null) {
                return FakeRegistryAnswer.status(401).error("UNAUTHORIZED", "the secret is s3cret");
            }
            String token = "token-" + count.incrementAndGet();
            issued.put(token, user);
            return FakeRegistryAnswer.ok(
                    "application/json",
                    ("{\"token\":\"" + token + "\",\"expires_in\":" + expiresIn + "}")
                            .getBytes(StandardCharsets.UTF_8));
        }

        private String userOf(Request request) {
            if ("POST".equals(request.method())) {
                String refresh = field(request.body(), "refresh_token");
                String user = refresh.isEmpty() ? field(request.body(), "username") : "identity";
                String secret = refresh.isEmpty() ? field(request.body(), "password") : refresh;
                return secret.equals(passwords.get(user)) ? user : null;
            }
            String header = request.header("Authorization");
            if (header.isEmpty()) {
                return "";
            }
            for (Map.Entry<String, String> user : passwords.entrySet()) {
                if (header.equals(basicHeader(user.getKey(), user.getValue()))) {
                    return user.getKey();
                }
            }
            return null;
        }

        private static String field(String form, String name) {
            List<String> values = new ArrayList<>();
            for (String pair : form.split("&")) {
                if (pair.startsWith(name + "=")) {
                    values.add(URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8));
                }
            }
            return values.isEmpty() ? "" : values.get(0);
        }
    }
}
