package dev.stowage.testing;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A token service that the CNCF registry believes: it signs real tokens (RS256) for one user, and for nobody else. */
public final class RealTokenService implements AutoCloseable {

    private static final String ISSUER = "stowage test";
    private static final String SERVICE = "real registry";

    private final KeyPair key;
    private final X509Certificate certificate;
    private final boolean oauth;
    private final String secret;
    private final FakeRegistryServer server = new FakeRegistryServer(null, this::answer);

    /** For a user, who may pull and push in repository {@code private/app}; anybody may read {@code public/app}. */
    public RealTokenService(String user, String password) {
        this(false, FakeRegistryAuth.basicHeader(user, password));
    }

    /** For the owner of this refresh token, as {@link #RealTokenService(String, String)} for a user. */
    public RealTokenService(String refreshToken) {
        this(true, "grant_type=refresh_token&refresh_token=" + refreshToken + "&");
    }

    private RealTokenService(boolean oauth, String secret) {
        this.oauth = oauth;
        this.secret = secret;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            key = generator.generateKeyPair();
            X500Name name = new X500Name("CN=" + ISSUER);
            Instant now = Instant.now();
            certificate = new JcaX509CertificateConverter()
                    .getCertificate(new JcaX509v3CertificateBuilder(
                                    name,
                                    BigInteger.ONE,
                                    Date.from(now.minusSeconds(3600)),
                                    Date.from(now.plusSeconds(3600)),
                                    name,
                                    key.getPublic())
                            .build(new JcaContentSignerBuilder("SHA256withRSA").build(key.getPrivate())));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The certificate, PEM. */
    public String certificate() {
        return FakeRegistryCertificates.pem("CERTIFICATE", encoded());
    }

    /** The {@code auth} section of the registry's configuration. */
    public String configuration(java.nio.file.Path bundle) {
        return """
                auth:
                  token: {realm: "http://127.0.0.1:%d/token", service: %s, issuer: %s, rootcertbundle: %s}
                """.formatted(server.port(), SERVICE, ISSUER, bundle);
    }

    /** How many tokens were requested. */
    public int asked() {
        return server.requests().size();
    }

    /** A token for these actions, such as {@code "pull","push"}. */
    public String token(String repository, String actions) {
        long now = Instant.now().getEpochSecond();
        String header = "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5c\":[\""
                + Base64.getEncoder().encodeToString(encoded()) + "\"]}";
        String access = actions.isEmpty()
                ? ""
                : "{\"type\":\"repository\",\"name\":\"" + repository + "\",\"actions\":[" + actions + "]}";
        String claims = "{\"iss\":\"" + ISSUER + "\",\"sub\":\"u\",\"aud\":\"" + SERVICE + "\",\"jti\":\"" + now
                + "\",\"nbf\":" + (now - 60) + ",\"iat\":" + now + ",\"exp\":" + (now + 300) + ",\"access\":[" + access
                + "]}";
        String signed =
                url(header.getBytes(StandardCharsets.UTF_8)) + "." + url(claims.getBytes(StandardCharsets.UTF_8));
        return signed + "." + url(signature(signed));
    }

    private void answer(FakeRegistryServer.Request request, FakeRegistryServer.Line line) throws java.io.IOException {
        if ("POST".equals(request.method())) {
            FakeRegistryAnswer answer = oauth && request.body().startsWith(secret)
                    ? FakeRegistryAnswer.status(200)
                            .body("{\"access_token\":\"" + token("private/app", "\"pull\"") + "\",\"expires_in\":300}")
                    : FakeRegistryAnswer.status(405);
            answer.answer(request, line);
            return;
        }
        boolean known = !oauth && secret.equals(request.header("Authorization"));
        if (!known && !request.header("Authorization").isEmpty()) {
            FakeRegistryAnswer.status(401).answer(request, line);
            return;
        }
        boolean open = request.target().contains("scope=repository%3Apublic%2Fapp%3Apull");
        String repository = open ? "public/app" : "private/app";
        boolean push = known && request.target().contains("scope=repository%3Aprivate%2Fapp%3Apull%2Cpush");
        String token = token(repository, push ? "\"pull\",\"push\"" : known || open ? "\"pull\"" : "");
        FakeRegistryAnswer.status(200)
                .body("{\"token\":\"" + token + "\",\"expires_in\":300}")
                .answer(request, line);
    }

    private byte[] encoded() {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] signature(String text) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key.getPrivate());
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public void close() {
        server.close();
    }
}
