package dev.stowage.report.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/**
 * The status of an ImageReport. Lists are never null; texts, numbers and objects are null where they are absent. Times are RFC
 * 3339 in UTC, to the second. The descriptions say what each field means; {@code ImageReportStatusBuilder} makes new ones and
 * changed copies.
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ImageReportStatus(
        @JsonPropertyDescription("The status in sentences, for reading: the verdict and why, the workloads that use the"
                + " image, and how to fix it. At most 4.")
        @Size(max = 4)
        List<String> about,

        @JsonPropertyDescription("The generation of the ImageReport that this status is for.")
        Long observedGeneration,

        @JsonPropertyDescription(
                "Compatible: the image runs on every checked platform. Incompatible: it does not run on at least one."
                        + " NotFound: it does not exist in its registry. Unresolved: not known, for example because the"
                        + " registry did not answer or no node matches its pods.")
        String verdict,

        @JsonPropertyDescription("The reason for the verdict in one word, for example PlatformMissing.") @Size(max = 64)
        String reason,

        @JsonPropertyDescription("The reason for the verdict as a sentence.") @Size(max = 1024)
        String message,

        @JsonPropertyDescription("What the image was checked for: Container, RuntimeClass (a container with a"
                + " runtimeClassName), Volume or Files (a container that runs a program from a volume).")
        @Size(max = 16)
        String checkedFor,

        @JsonPropertyDescription("The digest that the image resolves to.") @Size(max = 160)
        String digest,

        @JsonPropertyDescription("The digest that the tag resolved to before it moved.") @Size(max = 160)
        String previousDigest,

        @JsonPropertyDescription("The time at which Stowage noticed that the tag had moved.") @Size(max = 32)
        String movedTime,

        @JsonPropertyDescription("The media type of the index or manifest that the image resolves to.") @Size(max = 256)
        String mediaType,

        @JsonPropertyDescription("The platforms that the image contains, at most 32.") @Size(max = 32)
        List<ImagePlatform> platforms,

        @JsonPropertyDescription("The number of platforms that the image contains.")
        Integer platformsTotal,

        @JsonPropertyDescription("The attestations in the image index, at most 16. They do not count as platforms.")
        @Size(max = 16)
        List<ImageAttestation> attestations,

        @JsonPropertyDescription("The number of attestations in the image index.")
        Integer attestationsTotal,

        @JsonPropertyDescription(
                "The platforms that the image was checked for, at most 32: those of the nodes that its workloads may be"
                        + " scheduled on, or those in spec.platforms.")
        @Size(max = 32)
        List<CheckedPlatform> checkedPlatforms,

        @JsonPropertyDescription("The checked platforms that cannot run the image.") @Size(max = 32)
        List<String> missingPlatforms,

        @JsonPropertyDescription("The workloads and containers that use the image, at most 16.") @Size(max = 16)
        List<UsedBy> usedBy,

        @JsonPropertyDescription("The number of workloads that use the image.")
        Integer usedByTotal,

        @JsonPropertyDescription(
                "The time since which no workload uses the image. A report that Stowage created is deleted after"
                        + " reports.retention.")
        @Size(max = 32)
        String unusedSinceTime,

        @JsonPropertyDescription("The last admission request that was denied because of this image.")
        Denial lastDenial,

        @JsonPropertyDescription("The time at which the contents or the verdicts in this status last changed.")
        @Size(max = 32)
        String resolvedTime,

        @JsonPropertyDescription("The time at which the image was last read from its registry. If nothing has changed,"
                + " it is updated once a day only.")
        @Size(max = 32)
        String checkedTime,

        @JsonPropertyDescription("The lists of this status as single lines, for kubectl get.")
        Summary summary,

        @JsonPropertyDescription("Resolved: the image could be read from its registry. Compatible: it runs on every"
                + " checked platform.")
        @Size(max = 8)
        List<StatusCondition> conditions) {

    /** Nothing is known yet. */
    public static final ImageReportStatus EMPTY =
            ImageReportStatusBuilder.builder().build();

    public ImageReportStatus {
        about = about == null ? List.of() : List.copyOf(about);
        platforms = platforms == null ? List.of() : List.copyOf(platforms);
        attestations = attestations == null ? List.of() : List.copyOf(attestations);
        checkedPlatforms = checkedPlatforms == null ? List.of() : List.copyOf(checkedPlatforms);
        missingPlatforms = missingPlatforms == null ? List.of() : List.copyOf(missingPlatforms);
        usedBy = usedBy == null ? List.of() : List.copyOf(usedBy);
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }

    /** A builder with what this status says. */
    public ImageReportStatusBuilder toBuilder() {
        return ImageReportStatusBuilder.builder(this);
    }

    /** A platform that the image contains. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record ImagePlatform(
            @JsonPropertyDescription("The platform, os/architecture[/variant].") @Required @Size(max = 128)
            String platform,

            @JsonPropertyDescription("The digest of its manifest. Several entries of one platform are listed each.")
            @Size(max = 160)
            String digest,

            @JsonPropertyDescription(
                    "Whether nodes of this platform run it: Runs, DoesNotRun or Undetermined; absent if it was not"
                            + " checked.")
            @Size(max = 16)
            String verdict) {}

    /** An attestation in the image index. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record ImageAttestation(
            @JsonPropertyDescription("The digest of the attestation.") @Required @Size(max = 160)
            String digest,

            @JsonPropertyDescription("The digest of the manifest that the attestation is about.") @Size(max = 160)
            String subject) {}

    /** A platform that the image was checked for. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record CheckedPlatform(
            @JsonPropertyDescription("The platform, os/architecture[/variant].") @Required @Size(max = 128)
            String platform,

            @JsonPropertyDescription(
                    "The container runtime of the nodes, which selects the entry of an index, and what they emulate.")
            @Required
            @Size(max = 256)
            String runtime,

            @JsonPropertyDescription("Runs, DoesNotRun or Undetermined.") @Required @Size(max = 16)
            String verdict,

            @JsonPropertyDescription("The reason for the verdict in one word.") @Size(max = 64)
            String reason,

            @JsonPropertyDescription("The reason for the verdict as a sentence; mostly absent if the image runs.")
            @Size(max = 512)
            String message) {}

    /** A container or volume that uses the image. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record UsedBy(
            @JsonPropertyDescription("The kind of the workload.") @Required @Size(max = 64)
            String kind,

            @JsonPropertyDescription("The name of the workload.") @Required @Size(max = 253)
            String name,

            @JsonPropertyDescription("The name of the container or image volume.") @Size(max = 63)
            String container,

            @JsonPropertyDescription(
                    "The mode that the annotation stowage.dev/mode of its pods chooses (workloadOptOut); absent if the"
                            + " mode of the namespace applies.")
            @Size(max = 16)
            String mode) {

        /** A user to which the mode of the namespace applies. */
        public UsedBy(String kind, String name, String container) {
            this(kind, name, container, null);
        }

        /** For example {@code Deployment/web}. */
        String workload() {
            return kind + "/" + name;
        }
    }

    /** Denied admission requests. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Denial(
            @JsonPropertyDescription("The time of the last denial.") @Size(max = 32)
            String time,

            @JsonPropertyDescription("The workload that was denied, kind/name.") @Size(max = 320)
            String workload,

            @JsonPropertyDescription("The number of requests denied because of this image so far.")
            Long count,

            @JsonPropertyDescription("The reason for the denial in one or two clauses.") @Size(max = 256)
            String message) {}

    /** The lists as single lines, for example {@code linux/amd64, linux/arm64 and 3 more}; null for an empty list. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Summary(
            @JsonPropertyDescription("The platforms that the image contains.") @Size(max = 512)
            String platforms,

            @JsonPropertyDescription("The checked platforms that cannot run the image.") @Size(max = 512)
            String missingPlatforms,

            @JsonPropertyDescription("The workloads that use the image.") @Size(max = 512)
            String usedBy,

            @JsonPropertyDescription(
                    "The platforms on whose nodes steering keeps the pods; absent if it keeps them off none.")
            @Size(max = 512)
            String steered) {}

    /** A condition as Kubernetes objects have them. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record StatusCondition(
            @JsonPropertyDescription("Resolved or Compatible.") @Required @Size(max = 64)
            String type,

            @JsonPropertyDescription("True, False or Unknown.") @Required @Size(max = 16)
            String status,

            @JsonPropertyDescription("The reason for the status in one word.") @Required @Size(max = 64)
            String reason,

            @JsonPropertyDescription("The reason for the status as a sentence.") @Size(max = 1024)
            String message,

            @JsonPropertyDescription("The time at which the status last changed.") @Required @Size(max = 32)
            String lastTransitionTime,

            @JsonPropertyDescription("The generation of the ImageReport that the condition is for.")
            Long observedGeneration) {}
}
