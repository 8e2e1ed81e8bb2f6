package dev.stowage.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes keys and certificates: ECDSA on P-256 with SHA-256, which every TLS client of a cluster takes. */
final class Issuance {

    /**
     * Certificates are valid from this long before they are made, so that an API server whose clock is behind ours takes them
     * at once, and a maker whose clock is ahead does no harm.
     */
    static final Duration BACKDATED = Renewal.CLOCK_TOLERANCE;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SERIAL_BITS = 127;
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private Issuance() {}

    static KeyPair newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has P-256", e);
        }
    }

    static CertifiedKey authority(X500Name name, Instant now, Duration life) {
        KeyPair key = newKey();
        try {
            JcaX509v3CertificateBuilder builder = builder(name, name, key, now.minus(BACKDATED), now.plus(life));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return new CertifiedKey(key.getPrivate(), List.of(sign(builder, key.getPrivate())));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("an authority's certificate can always be encoded", e);
        }
    }

    /**
     * A certificate whose chain ends with the issuer's own certificate.
     *
     * @param names the DNS names and IP addresses that it is for, at least one
     * @param purpose whether it is a server's or a client's
     */
    static CertifiedKey leaf(
            CertifiedKey issuer, Collection<String> names, KeyPurposeId purpose, Instant now, Instant end) {
        KeyPair key = newKey();
        X509Certificate authority = issuer.certificate();
        // Nothing before the authority's own beginning: a chain is only as valid as its parts.
        Instant begin = latest(now.minus(BACKDATED), authority.getNotBefore().toInstant());
        try {
            JcaX509v3CertificateBuilder builder = builder(
                    X500Name.getInstance(authority.getSubjectX500Principal().getEncoded()),
                    new X500Name("CN=stowage"),
                    key,
                    begin,
                    end);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(
                            names.stream().map(Issuance::alternativeName).toArray(GeneralName[]::new)));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(authority.getPublicKey()));
            return new CertifiedKey(key.getPrivate(), List.of(sign(builder, issuer.key()), authority));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("a serving certificate can always be encoded", e);
        }
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, KeyPair key, Instant begin, Instant end)
            throws IOException, GeneralSecurityException {
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, RANDOM).add(BigInteger.ONE),
                Date.from(begin),
                Date.from(end),
                subject,
                key.getPublic());
        builder.addExtension(
                Extension.subjectKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key.getPublic()));
        return builder;
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static GeneralName alternativeName(String name) {
        return isAddress(name)
                ? new GeneralName(GeneralName.iPAddress, name)
                : new GeneralName(GeneralName.dNSName, name);
    }

    /** Whether this is an IP address written in digits; no name is resolved. */
    static boolean isAddress(String name) {
        return name.indexOf(':') >= 0 || IPV4.matcher(name).matches();
    }

    /** One spelling for every address, so that {@code ::1} is what a certificate calls {@code 0:0:0:0:0:0:0:1}. */
    static String normalizedName(String name) {
        if (!isAddress(name)) {
            return name.toLowerCase(Locale.ROOT);
        }
        try {
            return InetAddress.getByName(name).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("no address: " + name, e);
        }
    }

    private static Instant latest(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
