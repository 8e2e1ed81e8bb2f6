package dev.stowage.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.demo.SampleImages;
import dev.stowage.image.Digest;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.Document;
import dev.stowage.oci.DocumentReader;
import dev.stowage.oci.Index;
import dev.stowage.oci.InvalidDocumentException;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Content;
import dev.stowage.testing.MemoryRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Remembering what was read must not change what is read. */
class ParsedDocumentCacheTest {

    private final ParsedDocumentCache documents = new ParsedDocumentCache(new DocumentReader());

    @Test
    void theSameBytesAreReadOnce() throws InvalidDocumentException {
        Content content = content("{\"manifests\": []}");

        Document first = documents.document(content, MediaTypes.OCI_INDEX);

        assertThat(documents.document(content, MediaTypes.OCI_INDEX)).isSameAs(first);
    }

    @Test
    void theSameBytesServedAsSomethingElseAreReadAnew() throws InvalidDocumentException {
        Content content = content("{\"manifests\": []}");
        documents.document(content, MediaTypes.OCI_INDEX);

        Document docker = documents.document(content, MediaTypes.DOCKER_LIST);
        assertThat(((Index) docker).mediaType()).isEqualTo(MediaTypes.DOCKER_LIST);
        assertThatThrownBy(() -> documents.document(content, MediaTypes.OCI_MANIFEST))
                .isInstanceOf(InvalidDocumentException.class);
        assertThatThrownBy(() -> documents.document(content, MediaTypes.OCI_MANIFEST))
                .isInstanceOf(InvalidDocumentException.class);
    }

    @Test
    void choicesAreThoseOfTheChooserHoweverManyProfilesThereAre() {
        SampleImages images = new SampleImages(new MemoryRegistry());
        List<Descriptor> entries = new ArrayList<>();
        List<NodeProfile> profiles = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Platform platform = Platform.of("linux", "made-up-" + i);
            profiles.add(NodeProfile.of(platform));
            if (i % 2 == 0) {
                entries.add(images.image(platform));
            }
        }
        Index index = new Index(MediaTypes.OCI_INDEX, entries);

        for (int pass = 0; pass < 2; pass++) {
            for (NodeProfile profile : profiles) {
                IndexSelector.Choice chosen = documents.choose(index, profile);
                assertThat(chosen).isEqualTo(new IndexSelector(profile).choose(index));
                assertThat(chosen.entry().isPresent()).isEqualTo(profiles.indexOf(profile) % 2 == 0);
            }
        }
    }

    private static Content content(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return new Content(bytes, "", Digest.of(bytes));
    }
}
