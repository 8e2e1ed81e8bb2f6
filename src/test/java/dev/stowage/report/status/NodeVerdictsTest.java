package dev.stowage.report.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.report.api.CrdManifest;
import dev.stowage.report.api.ImageReportStatus.CheckedPlatform;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The API server rejects the whole status if one text is longer than the CRD allows. */
class NodeVerdictsTest {

    private static final Platform AMD64 = Platform.parse("linux/amd64");
    private static final Platform ARM64 = Platform.parse("linux/arm64");

    @ParameterizedTest
    @EnumSource
    void theNameOfEveryRuntimeFitsUnabridged(RuntimeFamily family) throws Exception {
        NodeProfile node = new NodeProfile(AMD64, family, List.of(ARM64));

        assertThat(checked(node).runtime()).isEqualTo(node.runtimeLabel()).hasSizeLessThanOrEqualTo(mostOfRuntime());
    }

    @Test
    void whatANodeEmulatesIsCutToFitAndStillFound() throws Exception {
        NodeProfile node = new NodeProfile(AMD64, RuntimeFamily.CRIO, Collections.nCopies(100, ARM64));

        CheckedPlatform checked = checked(node);

        assertThat(checked.runtime()).hasSize(mostOfRuntime()).startsWith("cri-o, emulates linux/arm64, ");
        assertThat(NodeVerdicts.find(List.of(checked), node)).contains(checked);
    }

    private static CheckedPlatform checked(NodeProfile node) {
        return NodeVerdicts.merge(new LinkedHashSet<>(Set.of(node)), List.of(), false, Optional.empty())
                .get(0);
    }

    private static int mostOfRuntime() throws IOException {
        return new ObjectMapper(new YAMLFactory())
                .readTree(CrdManifest.INSTALLED.toFile())
                .at(
                        "/spec/versions/0/schema/openAPIV3Schema/properties/status/properties/checkedPlatforms/items/properties"
                                + "/runtime/maxLength")
                .asInt();
    }
}
