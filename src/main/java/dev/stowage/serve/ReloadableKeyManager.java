package dev.stowage.serve;

import dev.stowage.tls.ServingCertificate;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * A key manager whose certificate can be replaced between two handshakes. Vert.x' own way to swap one
 * ({@code updateSSLOptions}) closes whatever connects while it is at it, which under load are dozens of reviews.
 */
final class ReloadableKeyManager extends X509ExtendedKeyManager {

    private static final char SEPARATOR = ':';

    private record Version(long number, X509ExtendedKeyManager keys) {

        String alias(String own) {
            return own == null ? null : number + "" + SEPARATOR + own;
        }
    }

    /** The one before as well: a handshake may have chosen it and not yet read its key. */
    private record Versions(Version now, Version before) {}

    private volatile Versions versions;

    ReloadableKeyManager(ServingCertificate certificate) {
        Version first = new Version(0, keys(certificate));
        versions = new Versions(first, first);
    }

    /** Handshakes from now on are with this one. */
    synchronized void reload(ServingCertificate certificate) {
        Version now = versions.now();
        versions = new Versions(new Version(now.number() + 1, keys(certificate)), now);
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        Version now = versions.now();
        return now.alias(now.keys().chooseEngineServerAlias(keyType, issuers, engine));
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        Version now = versions.now();
        return now.alias(now.keys().chooseServerAlias(keyType, issuers, socket));
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        Version chosen = chosen(alias);
        return chosen == null ? null : chosen.keys().getCertificateChain(own(alias));
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        Version chosen = chosen(alias);
        return chosen == null ? null : chosen.keys().getPrivateKey(own(alias));
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        String alias = chooseServerAlias(keyType, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    /** It is a server's: it has nothing to show to servers. */
    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return null;
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return null;
    }

    private Version chosen(String alias) {
        Versions pair = versions;
        int end = alias.indexOf(SEPARATOR);
        if (end < 0) {
            return null;
        }
        String number = alias.substring(0, end);
        if (number.equals(String.valueOf(pair.now().number()))) {
            return pair.now();
        }
        return number.equals(String.valueOf(pair.before().number())) ? pair.before() : null;
    }

    private static String own(String alias) {
        return alias.substring(alias.indexOf(SEPARATOR) + 1);
    }

    /** Java's own key manager knows which kinds of handshake a key is good for. */
    private static X509ExtendedKeyManager keys(ServingCertificate certificate) {
        try {
            char[] none = new char[0];
            KeyStore store = emptyKeyStore();
            store.setKeyEntry(
                    "key", certificate.key(), none, certificate.chain().toArray(new Certificate[0]));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
            factory.init(store, none);
            for (KeyManager manager : factory.getKeyManagers()) {
                if (manager instanceof X509ExtendedKeyManager keys) {
                    return keys;
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate with its key fits into a key store", e);
        }
        throw new IllegalStateException("every Java has X.509 key managers");
    }

    /** A password for an interface that requires one; the key manager contains the key. */
    static KeyStore emptyKeyStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, new char[0]);
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java has PKCS#12 key stores", e);
        }
    }
}
