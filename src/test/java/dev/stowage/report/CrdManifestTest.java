package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The CRD that is installed is the one that the model says. */
class CrdManifestTest {

    private static final String MEND = "mvn -q test -Dtest=CrdManifestTest -Dcrd.write";

    @Test
    void theManifestIsThatOfTheModel() throws Exception {
        String expected = CrdManifest.fromModel();
        if (System.getProperty("crd.write") != null) {
            Files.createDirectories(CrdManifest.INSTALLED.getParent());
            Files.writeString(CrdManifest.INSTALLED, expected);
        }

        assertThat(Files.exists(CrdManifest.INSTALLED) ? Files.readString(CrdManifest.INSTALLED) : "")
                .describedAs("%s has drifted from the model; mend it with: %s", CrdManifest.INSTALLED, MEND)
                .isEqualTo(expected);
    }
}
