package dev.stowage.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;

class ApiErrorsTest {

    private static KubernetesClientException refused(int code, String message) {
        return new KubernetesClientException(
                new StatusBuilder().withCode(code).withMessage(message).build());
    }

    @Test
    void theResponseOfTheApiServer() {
        assertThat(ApiErrors.reason(new IllegalStateException(refused(409, "already\nexists"))))
                .isEqualTo("already\\u000aexists");
    }

    @Test
    void withoutAResponseTheRootCause() {
        assertThat(ApiErrors.reason(new KubernetesClientException(
                        "Operation: [get] failed.", new IOException(new ConnectException("Connection refused\nat x")))))
                .isEqualTo("Connection refused");
        assertThat(ApiErrors.reason(new IllegalStateException(new IOException())))
                .isEqualTo("IOException");
    }

    @Test
    void aMissingPermissionIsNamed() {
        String forbidden =
                "nodes is forbidden: User \"x\" cannot list resource \"nodes\" in API group \"\" at the cluster"
                        + " scope";
        assertThat(ApiErrors.describe(refused(403, forbidden)))
                .isEqualTo("the ServiceAccount lacks the permission \"list\" on \"nodes\"");
        assertThat(ApiErrors.describe(refused(500, "etcd is down"))).isEqualTo("etcd is down");
    }
}
