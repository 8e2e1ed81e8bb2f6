package dev.stowage.oci;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The words that nearly every document contains, each as one object. Documents of thousands of images are kept in memory, and a tenth of
 * what they weigh would be copies of these.
 */
final class InternedStrings {

    private static final Map<String, String> WORDS = Stream.of(
                    MediaTypes.OCI_INDEX,
                    MediaTypes.DOCKER_LIST,
                    MediaTypes.OCI_MANIFEST,
                    MediaTypes.DOCKER_MANIFEST,
                    MediaTypes.OCI_CONFIG,
                    MediaTypes.DOCKER_CONFIG,
                    "application/octet-stream",
                    "application/vnd.oci.image.layer.v1.tar",
                    "application/vnd.oci.image.layer.v1.tar+gzip",
                    "application/vnd.oci.image.layer.v1.tar+zstd",
                    "application/vnd.docker.image.rootfs.diff.tar.gzip",
                    "application/vnd.in-toto+json",
                    Attestation.TYPE_ANNOTATION,
                    Attestation.SUBJECT_ANNOTATION,
                    "attestation-manifest",
                    "unknown",
                    "linux",
                    "windows",
                    "darwin",
                    "freebsd",
                    "386",
                    "amd64",
                    "arm",
                    "arm64",
                    "loong64",
                    "mips64le",
                    "ppc64le",
                    "riscv64",
                    "s390x",
                    "v2",
                    "v3",
                    "v5",
                    "v6",
                    "v7",
                    "v8")
            .collect(Collectors.toUnmodifiableMap(Function.identity(), Function.identity()));

    private InternedStrings() {}

    /** An equal text, the same object for the same word where it is one of these. */
    static String shared(String text) {
        return WORDS.getOrDefault(text, text);
    }
}
