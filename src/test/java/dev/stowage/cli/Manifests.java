package dev.stowage.cli;

/** Manifests for tests. */
public final class Manifests {

    private Manifests() {}

    public static String pod(String name, String image) {
        return """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: %s
                spec:
                  containers:
                  - name: app
                    image: %s
                """.formatted(name, image);
    }

    /** A Deployment in namespace shop; its node selector may be empty. */
    public static String deployment(String name, String image, String nodeSelector) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %s, namespace: shop}
                spec:
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec:
                      nodeSelector: {%s}
                      containers:
                      - name: app
                        image: %s
                """.formatted(name, nodeSelector, image);
    }
}
