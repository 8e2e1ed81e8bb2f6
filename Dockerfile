# The image for those who have Docker, with an AOT cache that the image of jib (docs/install.md) lacks:
#   mvn package -DskipTests -Dquarkus.package.jar.type=aot-jar && docker buildx build --platform linux/amd64,linux/arm64 -t REGISTRY/stowage:TAG --push .
FROM eclipse-temurin:25-jre AS app
LABEL org.opencontainers.image.title="Stowage" \
      org.opencontainers.image.description="Keeps container images off Kubernetes nodes that cannot run them" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /opt/stowage
# Any user may read everything, whatever the umask of the build: OpenShift chooses the user.
COPY --chmod=755 LICENSE ./
# What changes least comes first.
COPY --chmod=755 target/quarkus-app/lib/ lib/
COPY --chmod=755 target/quarkus-app/quarkus-run.jar ./
COPY --chmod=755 target/quarkus-app/quarkus/ quarkus/
COPY --chmod=755 target/quarkus-app/app/ app/
# The same options as in application.properties; a test finds a difference.
ENV MALLOC_ARENA_MAX=2
COPY --chmod=755 src/main/docker/java.options ./

# The cache is made by the very Java, on the architecture, and of the files that it is used with.
FROM app AS trained
RUN ["java", "@java.options", "-XX:AOTCacheOutput=/tmp/stowage.aot", "-jar", "quarkus-run.jar", "serve", "--warm-up-only"]

FROM app
COPY --from=trained --chmod=644 /tmp/stowage.aot ./
# A number, so that runAsNonRoot needs no runAsUser.
USER 1001:1001
EXPOSE 8080 8443
ENTRYPOINT ["java", "@java.options", "-XX:AOTCache=stowage.aot", "-jar", "quarkus-run.jar"]
