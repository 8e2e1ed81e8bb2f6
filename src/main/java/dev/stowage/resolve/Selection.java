package dev.stowage.resolve;

import dev.stowage.oci.Descriptor;
import dev.stowage.oci.ImageConfig;
import dev.stowage.oci.Manifest;
import dev.stowage.registry.RegistryFailure;
import java.util.Objects;
import java.util.Optional;

/** What the container runtime of one node profile would end up with when it pulls an image. */
public sealed interface Selection {

    /**
     * It takes one manifest.
     *
     * @param entry the index entry that names it; empty when the image is a single manifest
     * @param manifest the manifest; empty when the index was believed and the manifest not read
     * @param config its config; empty when not read, or when the manifest is not an image
     * @param fetched whether the runtime also fetches what it selects; see {@link
     *     dev.stowage.platform.PlatformMatcher#fetches}
     */
    record Selected(
            Optional<Descriptor> entry, Optional<Manifest> manifest, Optional<ImageConfig> config, boolean fetched)
            implements Selection {
        public Selected {
            Objects.requireNonNull(entry, "entry");
            Objects.requireNonNull(manifest, "manifest");
            Objects.requireNonNull(config, "config");
        }
    }

    /**
     * It finds nothing for its platform.
     *
     * @param cause why
     * @param obstacle the entry that it tried or refused, where there is one
     * @param config the config of that entry, where it was read
     * @param manifest the manifest of that entry, where it was read
     */
    record None(Cause cause, Optional<Descriptor> obstacle, Optional<Manifest> manifest, Optional<ImageConfig> config)
            implements Selection {

        /** Why a runtime finds nothing in an index. */
        public enum Cause {
            /** The index has no entries. */
            EMPTY,
            /** No entry's platform matches, and none is without a platform. */
            NO_MATCH,
            /** The first entry without a platform is tried, alone, and its config does not match. */
            FIRST_WITHOUT_PLATFORM,
            /** The runtime does not follow an index within an index. */
            NESTED_REFUSED,
            /** A nested index without platform next to entries for other platforms, which containerd fails to pull. */
            NESTED_BESIDE_OTHERS,
            /** The nested index that it tried, alone, contains nothing for it. */
            NESTED_WITHOUT_MATCH,
            /** Indexes within indexes deeper than Stowage follows. */
            NESTED_TOO_DEEP,
            /** A Docker schema 1 manifest. */
            SCHEMA_1,
            /** It tries or unpacks an entry that is a Nydus image. */
            NYDUS,
            /** The entry it takes is neither an index nor a manifest. */
            UNKNOWN_TYPE
        }

        public None {
            Objects.requireNonNull(cause, "cause");
            Objects.requireNonNull(obstacle, "obstacle");
            Objects.requireNonNull(manifest, "manifest");
            Objects.requireNonNull(config, "config");
        }

        static None because(Cause cause) {
            return new None(cause, Optional.empty(), Optional.empty(), Optional.empty());
        }

        static None because(Cause cause, Descriptor obstacle) {
            return new None(cause, Optional.of(obstacle), Optional.empty(), Optional.empty());
        }
    }

    /**
     * Something that it needs cannot be had.
     *
     * @param failure why
     * @param part what of the image it is; empty for what the reference itself names
     */
    record Unreadable(RegistryFailure failure, Optional<Part> part) implements Selection {
        public Unreadable {
            Objects.requireNonNull(failure, "failure");
            Objects.requireNonNull(part, "part");
        }
    }

    /** A part of an image, in the order a runtime reads them. */
    enum Part {
        INDEX("index"),
        MANIFEST("manifest"),
        CONFIG("config");

        private final String label;

        Part(String label) {
            this.label = label;
        }

        /** The name in messages. */
        public String label() {
            return label;
        }
    }
}
