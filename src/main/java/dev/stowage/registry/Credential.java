package dev.stowage.registry;

import dev.stowage.image.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/**
 * Proves an identity to a registry. Printing it never shows the secret.
 *
 * @param username the user; empty or {@code <token>} when the secret is an identity token
 * @param secret the password or identity token
 */
public record Credential(String username, String secret) {

    private static final String TOKEN_USER = "<token>";

    /**
     * No credential at all, standing in a list of them: at its place the registry is read anonymously, as a container runtime
     * does with an entry that has no user name.
     */
    public static final Credential ANONYMOUS = new Credential("", "");

    public Credential {
        Objects.requireNonNull(username, "username");
        Objects.requireNonNull(secret, "secret");
    }

    /** An identity (refresh) token, as {@code docker login} keeps it in place of a password. */
    public static Credential identityToken(String token) {
        return new Credential(TOKEN_USER, token);
    }

    /** Whether there is nothing to present: the registry is to be read anonymously. */
    public boolean isAnonymous() {
        return username.isEmpty() && secret.isEmpty();
    }

    /** Whether the secret is an identity (refresh) token rather than a password. */
    public boolean isIdentityToken() {
        return username.isEmpty() && !secret.isEmpty() || TOKEN_USER.equals(username);
    }

    /** The value of an {@code Authorization} header for Basic authentication (RFC 7617). */
    public String basic() {
        byte[] pair = (username + ":" + secret).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    /** A key that is equal for equal lists of credentials and from which no secret can be read; empty for none. */
    public static String identityOf(List<Credential> credentials) {
        if (credentials.isEmpty()) {
            return "";
        }
        StringBuilder all = new StringBuilder();
        for (Credential credential : credentials) {
            all.append(credential.username.length()).append(':').append(credential.username);
            all.append(credential.secret.length()).append(':').append(credential.secret);
        }
        return Digest.of(all.toString().getBytes(StandardCharsets.UTF_8)).hex();
    }

    @Override
    public String toString() {
        return "Credential[" + username + ", …]";
    }
}
