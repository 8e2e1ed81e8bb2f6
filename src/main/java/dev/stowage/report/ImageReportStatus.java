package dev.stowage.report;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/**
 * What was found out. Times are RFC 3339 in UTC, to the second. Lists are never null and are bounded; totals say how many there
 * really are. Texts are null where there is nothing to say.
 *
 * @param observedGeneration the generation of the report that this is about
 * @param verdict {@code Compatible}, {@code Incompatible} or {@code Unresolved}
 * @param reason the class of the reason for the verdict, as in {@link dev.stowage.verdict.Reason}
 * @param message the reason for people
 * @param digest what the image's reference names now
 * @param previousDigest what its tag named before it moved
 * @param movedAt when that was noticed
 * @param mediaType the type of the index or manifest
 * @param platforms what the image holds
 * @param platformsTotal how many platforms it holds
 * @param attestations its attestations
 * @param attestationsTotal how many attestations it has
 * @param nodePlatforms the platforms that were checked, with a verdict each
 * @param missing those of them that cannot run the image
 * @param usedBy where the image is used
 * @param usedByTotal how many workloads use it
 * @param unusedSince since when nothing uses it
 * @param lastDenial the last admission that was denied because of this image; written by whichever replica denied it
 * @param resolvedAt when what stands here was found
 * @param checkedAt when it was last looked after; brought up to date once a day at least, not at each look
 * @param summary the lists in one line each
 * @param conditions {@code Resolved} and {@code Compatible}
 * @param recollection what replicas that start take over; null where they have to ask
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ImageReportStatus(
        @JsonPropertyDescription("The generation of the report that this status is about.")
        Long observedGeneration,

        @JsonPropertyDescription(
                "Compatible: every platform that was checked runs the image. Incompatible: at least one does not."
                        + " Unresolved: that could not be found out.")
        String verdict,

        @JsonPropertyDescription("The class of the reason for the verdict, for example PlatformMissing.")
        @Size(max = 64)
        String reason,

        @JsonPropertyDescription("The reason for the verdict, for people.") @Size(max = 1024)
        String message,

        @JsonPropertyDescription("The digest of what the image names now.") @Size(max = 160)
        String digest,

        @JsonPropertyDescription("The digest that the image's tag named before it moved.") @Size(max = 160)
        String previousDigest,

        @JsonPropertyDescription("When the move of the tag was noticed.") @Size(max = 32)
        String movedAt,

        @JsonPropertyDescription("The media type of the index or manifest that the image names.") @Size(max = 256)
        String mediaType,

        @JsonPropertyDescription("The platforms that the image holds, at most 32 of them.") @Size(max = 32)
        List<HeldPlatform> platforms,

        @JsonPropertyDescription("How many platforms the image holds.")
        Integer platformsTotal,

        @JsonPropertyDescription("The attestations in the image's index, at most 16 of them. They are no platforms.")
        @Size(max = 16)
        List<HeldAttestation> attestations,

        @JsonPropertyDescription("How many attestations the image's index holds.")
        Integer attestationsTotal,

        @JsonPropertyDescription(
                "The platforms that were checked: those of the nodes that the image's workloads may be scheduled"
                        + " on, or those that the spec names.")
        @Size(max = 32)
        List<NodePlatform> nodePlatforms,

        @JsonPropertyDescription("The checked platforms that cannot run the image.") @Size(max = 32)
        List<String> missing,

        @JsonPropertyDescription("The workloads and containers that use the image, at most 16 of them.") @Size(max = 16)
        List<User> usedBy,

        @JsonPropertyDescription("How many workloads use the image.")
        Integer usedByTotal,

        @JsonPropertyDescription(
                "Since when no workload uses the image. A report that Stowage made is removed some time later.")
        @Size(max = 32)
        String unusedSince,

        @JsonPropertyDescription("The last admission that was denied because of this image.")
        Denial lastDenial,

        @JsonPropertyDescription("When what this status says of the image was found.") @Size(max = 32)
        String resolvedAt,

        @JsonPropertyDescription(
                "When the image was last looked after. Looks that find nothing new are noted once a day, so that"
                        + " reports are not written all the time.")
        @Size(max = 32)
        String checkedAt,

        @JsonPropertyDescription("The lists of this status in one line each, for kubectl get.")
        Summary summary,

        @JsonPropertyDescription(
                "Resolved: the image could be read from its registry. Compatible: it runs on every platform that"
                        + " was checked.")
        @Size(max = 8)
        List<StatusCondition> conditions,

        @JsonPropertyDescription(
                "What replicas that start take over instead of asking the registry; for Stowage itself.")
        Recollection recollection) {

    public ImageReportStatus {
        platforms = platforms == null ? List.of() : List.copyOf(platforms);
        attestations = attestations == null ? List.of() : List.copyOf(attestations);
        nodePlatforms = nodePlatforms == null ? List.of() : List.copyOf(nodePlatforms);
        missing = missing == null ? List.of() : List.copyOf(missing);
        usedBy = usedBy == null ? List.of() : List.copyOf(usedBy);
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }

    /**
     * A platform that the image holds.
     *
     * @param platform {@code os/architecture[/variant]}
     * @param digest the manifest's; null where the image is one manifest, or where several entries share the platform
     * @param verdict whether nodes of this very platform run it; null where there are none
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record HeldPlatform(
            @JsonPropertyDescription("The platform, os/architecture[/variant].") @Required @Size(max = 128)
            String platform,

            @JsonPropertyDescription("The digest of its manifest.") @Size(max = 160)
            String digest,

            @JsonPropertyDescription(
                    "Whether nodes of this platform run it: Runs, DoesNotRun or Undetermined; absent where it was"
                            + " not checked.")
            @Size(max = 16)
            String verdict) {}

    /**
     * An attestation beside the images of an index.
     *
     * @param digest the attestation's
     * @param subject the digest of the manifest that it is about; null where it does not say
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record HeldAttestation(
            @JsonPropertyDescription("The digest of the attestation.") @Required @Size(max = 160)
            String digest,

            @JsonPropertyDescription("The digest of the manifest that the attestation is about.") @Size(max = 160)
            String subject) {}

    /**
     * A platform that was checked.
     *
     * @param platform {@code os/architecture[/variant]}
     * @param runtime the family of the container runtime, as {@link dev.stowage.platform.RuntimeFamily#label()}
     * @param verdict {@code Runs}, {@code DoesNotRun} or {@code Undetermined}
     * @param reason the class of the reason
     * @param message the reason for people; null for most images that run
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record NodePlatform(
            @JsonPropertyDescription("The platform, os/architecture[/variant].") @Required @Size(max = 128)
            String platform,

            @JsonPropertyDescription("The container runtime, which decides what of an index is taken.")
            @Required
            @Size(max = 32)
            String runtime,

            @JsonPropertyDescription("Runs, DoesNotRun or Undetermined.") @Required @Size(max = 16)
            String verdict,

            @JsonPropertyDescription("The class of the reason.") @Size(max = 64)
            String reason,

            @JsonPropertyDescription("The reason for people.") @Size(max = 512)
            String message) {}

    /**
     * One use of the image.
     *
     * @param kind the workload's kind
     * @param name its name
     * @param container the container or volume that names the image
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record User(
            @JsonPropertyDescription("The kind of the workload.") @Required @Size(max = 64)
            String kind,

            @JsonPropertyDescription("The name of the workload.") @Required @Size(max = 253)
            String name,

            @JsonPropertyDescription("The container, or image volume, that names the image.") @Size(max = 63)
            String container) {

        /** {@code Deployment/web}. */
        String workload() {
            return kind + "/" + name;
        }
    }

    /**
     * A denied admission.
     *
     * @param time when
     * @param workload {@code Deployment/web}
     * @param count how many were denied so far because of this image
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Denial(
            @JsonPropertyDescription("When it was denied.") @Size(max = 32)
            String time,

            @JsonPropertyDescription("What was denied, kind/name.") @Size(max = 320)
            String workload,

            @JsonPropertyDescription("How many admissions were denied because of this image so far.")
            Long count) {}

    /**
     * The lists in one line each.
     *
     * @param platforms {@code linux/amd64, linux/arm64 and 3 more}
     * @param missing likewise; null when none is missing
     * @param usedBy {@code Deployment/web and 2 more}; null when nothing uses it
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Summary(
            @JsonPropertyDescription("The platforms that the image holds.") @Size(max = 512)
            String platforms,

            @JsonPropertyDescription("The checked platforms that cannot run it.") @Size(max = 512)
            String missing,

            @JsonPropertyDescription("The workloads that use it.") @Size(max = 512)
            String usedBy) {}

    /**
     * A condition, in the form that all Kubernetes objects share.
     *
     * @param type {@code Resolved} or {@code Compatible}
     * @param status {@code True}, {@code False} or {@code Unknown}
     * @param reason the class of the reason, CamelCase
     * @param message the reason for people
     * @param lastTransitionTime since when the status is what it is
     * @param observedGeneration the generation that it is about
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record StatusCondition(
            @JsonPropertyDescription("Resolved or Compatible.") @Required @Size(max = 64)
            String type,

            @JsonPropertyDescription("True, False or Unknown.") @Required @Size(max = 16)
            String status,

            @JsonPropertyDescription("The class of the reason.") @Required @Size(max = 64)
            String reason,

            @JsonPropertyDescription("The reason for people.") @Size(max = 1024)
            String message,

            @JsonPropertyDescription("Since when the condition has this status.") @Required @Size(max = 32)
            String lastTransitionTime,

            @JsonPropertyDescription("The generation of the report that the condition is about.")
            Long observedGeneration) {}

    /**
     * What replicas that start take over. Its texts are what of the image's documents decides where it runs; see {@link
     * dev.stowage.oci.Abridgement}.
     *
     * @param seenAt when the registry last said so
     * @param readAs who read it: anonymous, or the Secrets by name, uid and version; see {@link
     *     dev.stowage.registry.Access.Origin}
     * @param text the document that the image names
     * @param parts what was read behind it
     * @param seal shows that Stowage wrote this, about this image in this namespace; see {@link Seal}
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Recollection(
            @JsonPropertyDescription("When the registry last said that it is so.") @Required @Size(max = 32)
            String seenAt,

            @JsonPropertyDescription(
                    "Who read it: anonymous, or the pull secrets by name, uid and resourceVersion. It is told only to"
                            + " who would read with the same.")
            @Required
            @Size(max = 1024)
            String readAs,

            @JsonPropertyDescription("What of the index or manifest decides where the image runs.")
            @Required
            @Size(max = 8192)
            String text,

            @JsonPropertyDescription("The manifests and configs behind it that have been read.") @Size(max = 64)
            List<Part> parts,

            @JsonPropertyDescription("Shows that Stowage wrote this; without it, or when edited, it is not used.")
            @Required
            @Size(max = 64)
            String seal) {

        public Recollection {
            parts = parts == null ? List.of() : List.copyOf(parts);
        }

        /** Whether the other says the same, whenever that was. */
        boolean saysTheSameAs(Recollection other) {
            return other != null && readAs.equals(other.readAs) && text.equals(other.text) && parts.equals(other.parts);
        }
    }

    /**
     * A document behind the one that the image names.
     *
     * @param kind {@code Manifest} or {@code Config}
     * @param digest its digest
     * @param size its size in bytes
     * @param text what of it decides where the image runs
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Part(
            @JsonPropertyDescription("Manifest or Config.") @Required @Size(max = 16)
            String kind,

            @JsonPropertyDescription("Its digest.") @Required @Size(max = 160)
            String digest,

            @JsonPropertyDescription("Its size in bytes.") @Required
            Long size,

            @JsonPropertyDescription("What of it decides where the image runs.") @Required @Size(max = 8192)
            String text) {}
}
