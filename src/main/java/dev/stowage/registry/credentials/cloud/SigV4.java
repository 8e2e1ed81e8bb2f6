package dev.stowage.registry.credentials.cloud;

import dev.stowage.image.Digest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests to AWS: Signature Version 4 with the header {@code Authorization}. Paths and queries are taken as they are encoded, so
 * only those without characters to encode are signed right, which are all that ECR needs.
 */
final class SigV4 {

    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private SigV4() {}

    /**
     * The headers of the signed request, without {@code Host}, which the HTTP client adds.
     *
     * @param headers the request's own headers; all of them are signed
     * @param scope region and service
     */
    static Map<String, String> sign(
            String method,
            URI uri,
            Map<String, String> headers,
            String body,
            AwsEndpoint scope,
            AwsCredentials credentials,
            Instant now) {
        String time = TIME.format(now);
        Map<String, String> signed = new TreeMap<>();
        headers.forEach((name, value) ->
                signed.put(name.toLowerCase(Locale.ROOT), value.trim().replaceAll(" +", " ")));
        signed.put("x-amz-date", time);
        credentials.sessionToken().ifPresent(token -> signed.put("x-amz-security-token", token));
        Map<String, String> all = new TreeMap<>(signed);
        all.put("host", uri.getRawAuthority());
        String names = String.join(";", all.keySet());
        String lines = all.entrySet().stream()
                .map(header -> header.getKey() + ":" + header.getValue() + "\n")
                .collect(Collectors.joining());
        String request = String.join("\n", method, uri.getRawPath(), query(uri), lines, names, sha256(body));
        String day = time.substring(0, 8);
        String place = String.join("/", day, scope.region(), scope.service(), "aws4_request");
        byte[] key = hmac(("AWS4" + credentials.secretKey()).getBytes(StandardCharsets.UTF_8), day);
        for (String part : new String[] {scope.region(), scope.service(), "aws4_request"}) {
            key = hmac(key, part);
        }
        String signature =
                HexFormat.of().formatHex(hmac(key, String.join("\n", ALGORITHM, time, place, sha256(request))));
        signed.put(
                "authorization",
                ALGORITHM + " Credential=" + credentials.accessKey() + "/" + place + ", SignedHeaders=" + names
                        + ", Signature=" + signature);
        return signed;
    }

    private static String query(URI uri) {
        return uri.getRawQuery() == null
                ? ""
                : Arrays.stream(uri.getRawQuery().split("&")).sorted().collect(Collectors.joining("&"));
    }

    private static String sha256(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex();
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", e);
        }
    }
}
