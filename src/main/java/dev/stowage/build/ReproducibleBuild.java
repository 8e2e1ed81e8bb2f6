package dev.stowage.build;

import io.quarkus.container.spi.ContainerImageLabelBuildItem;
import io.quarkus.deployment.IsProduction;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.pkg.builditem.JarBuildItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/**
 * The step of Quarkus' build that makes two builds of the same sources equal, bit for bit, and with them the digests of their images.
 * Quarkus 3.33 generates the same classes each time but for two accidents of its parallel steps, which {@link RecordedKeys} and
 * {@link ConfigOrder} put in an order of their own. Not part of the packaged application: {@code application.properties} leaves this
 * package out.
 */
public final class ReproducibleBuild {

    private static final Logger LOG = Logger.getLogger(ReproducibleBuild.class);

    /**
     * Rewrites the generated classes of the packaged application.
     *
     * @param application what was packaged; its runner stands beside the folder with generated classes
     * @param labels never given one: that this step could give some is what puts it before the building of an image
     * @throws IOException when the generated classes cannot be read or written
     */
    @BuildStep(onlyIf = IsProduction.class)
    void order(JarBuildItem application, BuildProducer<ContainerImageLabelBuildItem> labels) throws IOException {
        Path jar = application.getPath().resolveSibling("quarkus").resolve("generated-bytecode.jar");
        if (!Files.exists(jar)) {
            LOG.warnf("%s is missing: builds are reproducible as fast-jar and aot-jar only", jar);
            return;
        }
        GeneratedClasses classes = GeneratedClasses.read(jar);
        try {
            ConfigOrder.apply(classes);
            RecordedKeys.apply(classes);
        } catch (UnknownShapeException e) {
            LOG.warnf("this build is not reproducible: %s", e.getMessage());
            return;
        }
        classes.write(jar);
    }
}
