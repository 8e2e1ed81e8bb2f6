package dev.stowage.registry.credentials.cloud;

import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** IAM roles for service accounts (IRSA): the pod's token is exchanged for a role's credentials at the regional STS. */
final class AwsWebIdentity implements AwsCredentialSource {

    static final String ROLE = "AWS_ROLE_ARN";
    static final String TOKEN_FILE = "AWS_WEB_IDENTITY_TOKEN_FILE";

    private static final Set<String> WANTED =
            Set.of("AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration", "Code");

    private final CloudHttp http;
    private final String role;
    private final String tokenFile;
    private final String session;
    private final String region;

    /** @param region the region of this pod; empty if unknown */
    AwsWebIdentity(CloudHttp http, Map<String, String> environment, String region) {
        this.http = http;
        this.role = environment.getOrDefault(ROLE, "");
        this.tokenFile = environment.getOrDefault(TOKEN_FILE, "");
        this.session = environment.getOrDefault("AWS_ROLE_SESSION_NAME", "stowage");
        this.region = region;
    }

    @Override
    public AwsCredentials get(String registryRegion) throws CloudException {
        String form = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=" + encoded(role)
                + "&RoleSessionName=" + encoded(session) + "&WebIdentityToken="
                + encoded(SecretFile.read(TOKEN_FILE, tokenFile));
        URI sts = AwsEndpoint.sts(region.isEmpty() ? registryRegion : region)
                .orElseThrow(() -> new CloudException("AWS_REGION is not a region of AWS"));
        CloudHttp.Response response;
        try {
            response = http.service(
                    CloudHttp.Request.post(sts, Map.of("Content-Type", "application/x-www-form-urlencoded"), form));
        } catch (IOException e) {
            throw new CloudException(sts.getHost() + " " + CloudHttp.inWords(e));
        }
        Map<String, String> fields = fields(response.body());
        if (response.status() != 200) {
            throw refused(Json.code(fields.getOrDefault("Code", ""), response.status()));
        }
        return credentials(fields)
                .orElseThrow(() -> new CloudException(sts.getHost() + " returned something that is not credentials"));
    }

    private static CloudException refused(String code) {
        return new CloudException("AWS STS does not let Stowage's pod assume the role of " + ROLE + " (" + code
                + "): its trust policy must allow sts:AssumeRoleWithWebIdentity to the cluster's OIDC provider and Stowage's"
                + " ServiceAccount");
    }

    /** The credentials in a response of STS, by {@link #fields}. */
    static Optional<AwsCredentials> credentials(Map<String, String> fields) {
        try {
            return Optional.of(new AwsCredentials(
                    fields.getOrDefault("AccessKeyId", ""),
                    fields.getOrDefault("SecretAccessKey", ""),
                    Optional.ofNullable(fields.get("SessionToken")),
                    Instant.parse(fields.getOrDefault("Expiration", ""))));
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The texts of the wanted elements; as many as there are until something is not XML. */
    static Map<String, String> fields(byte[] body) {
        Map<String, String> fields = new HashMap<>();
        // what is not UTF-8 would be reported on standard error
        String text = new String(body, StandardCharsets.UTF_8);
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(text));
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamConstants.START_ELEMENT && WANTED.contains(reader.getLocalName())) {
                    fields.put(reader.getLocalName(), reader.getElementText().strip());
                }
            }
        } catch (XMLStreamException e) {
            // what was read by then decides
        }
        return fields;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
