# The image as jib builds it (docs/install.md), for those who have Docker:
#   mvn package -DskipTests && docker buildx build --platform linux/amd64,linux/arm64 -t REGISTRY/stowage:TAG --push .
# Nothing of it differs by architecture but the Java runtime.
FROM eclipse-temurin:25-jre
LABEL org.opencontainers.image.title="Stowage" \
      org.opencontainers.image.description="Keeps container images off Kubernetes nodes that cannot run them" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /opt/stowage
COPY LICENSE ./
# What changes least comes first.
COPY target/quarkus-app/lib/ lib/
COPY target/quarkus-app/quarkus-run.jar ./
COPY target/quarkus-app/quarkus/ quarkus/
COPY target/quarkus-app/app/ app/
USER 1001:1001
EXPOSE 8080 8443
# The same options as in application.properties.
ENTRYPOINT ["java", "-Djava.util.logging.manager=org.jboss.logmanager.LogManager", "-XX:+UseSerialGC", "-XX:MaxRAMPercentage=50", "-XX:+ExitOnOutOfMemoryError", "-jar", "quarkus-run.jar"]
