package dev.stowage.registry.credentials;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.stowage.image.Printable;
import dev.stowage.registry.Credential;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads the JSON in which credentials are kept as Go's {@code encoding/json} reads it for the kubelet and for Docker: names of
 * fields in any case, of duplicates the last one, null as absent, unknown fields skipped, and a wrong type anywhere in the
 * known ones an error for the whole. Messages never show a value.
 */
final class AuthsReader {

    /** The largest Secret that Kubernetes accepts. */
    static final int MAX_BYTES = 1 << 20;

    private static final int MAX_DEPTH = 10_000;

    // names are foreign and many: they must not fill tables that outlive the document
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(MAX_BYTES)
                    .maxNumberLength(MAX_BYTES)
                    .build())
            .build();

    private final boolean docker;
    private final Map<String, Credential> auths = new LinkedHashMap<>();
    private final Map<String, String> credHelpers = new LinkedHashMap<>();
    private String credsStore = "";

    private AuthsReader(boolean docker) {
        this.docker = docker;
    }

    /**
     * The {@code auths} of a {@code .dockerconfigjson}, key to credential, in the order of the document.
     *
     * @param identityTokens whether identity tokens count, as for Docker; the kubelet ignores them
     */
    static Map<String, Credential> dockerConfigJson(byte[] json, boolean identityTokens)
            throws MalformedAuthsException {
        AuthsReader reader = new AuthsReader(identityTokens);
        reader.read(json, reader::config);
        return reader.auths;
    }

    /** The credentials of a legacy {@code .dockercfg}, which has them at its top, in the order of the document. */
    static Map<String, Credential> dockerCfg(byte[] json, boolean identityTokens) throws MalformedAuthsException {
        AuthsReader reader = new AuthsReader(identityTokens);
        reader.read(json, parser -> reader.entries(parser, "it"));
        return reader.auths;
    }

    /** Docker's own configuration: credentials and helpers. */
    static DockerAuths dockerConfiguration(byte[] json) throws MalformedAuthsException {
        AuthsReader reader = new AuthsReader(true);
        reader.read(json, reader::config);
        return new DockerAuths(reader.auths, reader.credHelpers, reader.credsStore);
    }

    private void read(byte[] json, Value document) throws MalformedAuthsException {
        if (json.length > MAX_BYTES) {
            throw new MalformedAuthsException("it is larger than 1 MiB");
        }
        // decoded here, so that invalid UTF-8 is replaced, as Go does, and only UTF-8 is read
        String text = new String(json, StandardCharsets.UTF_8);
        try (JsonParser parser = JSON.createParser(new StringReader(text))) {
            parser.nextToken();
            if (parser.currentToken() == null) {
                throw new MalformedAuthsException("it is empty");
            }
            document.read(parser);
            if (parser.nextToken() != null) {
                throw new MalformedAuthsException("it is not valid JSON");
            }
        } catch (JsonProcessingException e) {
            throw new MalformedAuthsException("it is not valid JSON");
        } catch (IOException e) {
            throw new IllegalStateException("reading a string does no I/O", e);
        }
    }

    private void config(JsonParser parser) throws IOException, MalformedAuthsException {
        fields(parser, "it", name -> {
            if (is(name, "auths")) {
                entries(parser, "\"auths\"");
            } else if (is(name, "httpheaders")) {
                fields(parser, "\"HttpHeaders\"", header -> text(parser, "", "a value of \"HttpHeaders\""));
            } else if (docker && is(name, "credsstore")) {
                credsStore = text(parser, credsStore, "\"credsStore\"");
            } else if (docker && is(name, "credhelpers")) {
                fields(parser, "\"credHelpers\"", host -> {
                    credHelpers.put(host, text(parser, "", "\"credHelpers\" of \"" + Printable.of(host) + "\""));
                });
            } else {
                parser.skipChildren();
            }
        });
    }

    private void entries(JsonParser parser, String what) throws IOException, MalformedAuthsException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            auths.clear();
        }
        fields(parser, what, key -> auths.put(key, credential(parser, "entry \"" + Printable.of(key) + "\"")));
    }

    private Credential credential(JsonParser parser, String entry) throws IOException, MalformedAuthsException {
        EntryFields read = new EntryFields();
        fields(parser, entry, name -> {
            String of = " of " + entry;
            if (is(name, "username")) {
                read.username = text(parser, read.username, "\"username\"" + of);
            } else if (is(name, "password")) {
                read.password = text(parser, read.password, "\"password\"" + of);
            } else if (is(name, "auth")) {
                read.auth = text(parser, read.auth, "\"auth\"" + of);
            } else if (is(name, "email")) {
                text(parser, "", "\"email\"" + of);
            } else if (docker && is(name, "identitytoken")) {
                read.identityToken = text(parser, read.identityToken, "\"identitytoken\"" + of);
            } else {
                parser.skipChildren();
            }
        });
        return read.credential(entry);
    }

    private static void fields(JsonParser parser, String what, Field field)
            throws IOException, MalformedAuthsException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new MalformedAuthsException(what + " is not a JSON object");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            field.read(name);
        }
    }

    private static String text(JsonParser parser, String before, String what)
            throws IOException, MalformedAuthsException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return before;
        }
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new MalformedAuthsException(what + " is not a string");
        }
        return parser.getText();
    }

    private static boolean is(String name, String lowerCase) {
        return name.toLowerCase(Locale.ROOT).equals(lowerCase);
    }

    /** Reads the value that the parser is at. */
    private interface Value {
        void read(JsonParser parser) throws IOException, MalformedAuthsException;
    }

    /** Reads a field; the parser is at its value. */
    private interface Field {
        void read(String name) throws IOException, MalformedAuthsException;
    }

    /** The fields of one entry, while it is read. */
    private static final class EntryFields {
        private String username = "";
        private String password = "";
        private String auth = "";
        private String identityToken = "";

        Credential credential(String entry) throws MalformedAuthsException {
            String user = username;
            String secret = password;
            if (!auth.isEmpty()) {
                String pair = decoded(entry);
                int colon = pair.indexOf(':');
                if (colon < 0) {
                    throw new MalformedAuthsException(entry + " has an auth that is not base64 of user:password");
                }
                user = pair.substring(0, colon);
                secret = pair.substring(colon + 1);
            }
            if (!identityToken.isEmpty()) {
                return Credential.identityToken(identityToken);
            }
            // without a user container runtimes present nothing, whatever the password
            return user.isEmpty() ? Credential.ANONYMOUS : new Credential(user, secret);
        }

        private String decoded(String entry) throws MalformedAuthsException {
            String base64 = auth.replace("\r", "").replace("\n", "");
            // with padding it must be right, without any is fine too
            boolean padded = base64.strip().endsWith("=");
            if (padded && base64.length() % 4 != 0) {
                throw notBase64(entry);
            }
            try {
                return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                throw notBase64(entry);
            }
        }

        private static MalformedAuthsException notBase64(String entry) {
            return new MalformedAuthsException(entry + " has an auth that is not base64");
        }
    }
}
