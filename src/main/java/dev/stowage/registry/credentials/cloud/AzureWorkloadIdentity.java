package dev.stowage.registry.credentials.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.registry.credentials.cloud.CloudHttp.Request;
import dev.stowage.registry.credentials.cloud.CloudHttp.Response;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Workload identity: the token of the ServiceAccount is exchanged at Entra ID. */
final class AzureWorkloadIdentity implements AzureIdentity {

    static final String TOKEN_FILE = "AZURE_FEDERATED_TOKEN_FILE";
    static final String CLIENT_ID = "AZURE_CLIENT_ID";
    static final String TENANT_ID = "AZURE_TENANT_ID";

    private static final String AUTHORITY = "AZURE_AUTHORITY_HOST";
    private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9.-]{1,255}");

    private final CloudHttp http;
    private final Map<String, String> environment;

    AzureWorkloadIdentity(CloudHttp http, Map<String, String> environment) {
        this.http = http;
        this.environment = environment;
    }

    private String authority() {
        String host = environment.getOrDefault(AUTHORITY, "");
        return host.isEmpty() ? "https://login.microsoftonline.com/" : host.endsWith("/") ? host : host + "/";
    }

    @Override
    public Optional<String> domain() {
        return Optional.ofNullable(
                switch (authority()) {
                    case "https://login.microsoftonline.com/" -> ".azurecr.io";
                    case "https://login.microsoftonline.us/" -> ".azurecr.us";
                    case "https://login.chinacloudapi.cn/", "https://login.partner.microsoftonline.cn/" ->
                        ".azurecr.cn";
                    default -> null;
                });
    }

    @Override
    public String token() throws CloudException {
        String tenant = environment.getOrDefault(TENANT_ID, "");
        if (domain().isEmpty() || !TENANT.matcher(tenant).matches()) {
            throw new CloudException(AUTHORITY + " or " + TENANT_ID + " is not one of Azure's");
        }
        String form = "grant_type=client_credentials&client_id="
                + encoded(environment.getOrDefault(CLIENT_ID, "")) + "&scope=" + encoded(AUDIENCE + "/.default")
                + "&client_assertion_type=" + encoded("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                + "&client_assertion="
                + encoded(SecretFile.read(TOKEN_FILE, environment.getOrDefault(TOKEN_FILE, "")));
        Response response;
        try {
            response = http.service(Request.post(
                    URI.create(authority() + tenant + "/oauth2/v2.0/token"),
                    Map.of("Content-Type", "application/x-www-form-urlencoded"),
                    form));
        } catch (IOException e) {
            throw new CloudException("Entra ID " + CloudHttp.inWords(e));
        }
        JsonNode object = Json.read(response.body());
        if (response.status() != 200) {
            int code = object.path("error_codes").path(0).asInt();
            throw new CloudException("Entra ID does not accept Stowage's ServiceAccount ("
                    + (code > 0 ? "AADSTS" + code : "HTTP " + response.status())
                    + "): the identity of AZURE_CLIENT_ID needs a federated credential with the cluster's issuer and the subject"
                    + " system:serviceaccount:NAMESPACE:NAME of Stowage");
        }
        return Json.secret(object, "access_token")
                .orElseThrow(() -> new CloudException("Entra ID returned something that is not a token"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
