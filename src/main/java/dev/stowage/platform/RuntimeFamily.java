package dev.stowage.platform;

import dev.stowage.image.Printable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a node's container runtime chooses from an image index, fetches and unpacks. What the constants say of containerd was measured
 * on 1.6.20, 2.1.4, 2.2.9, 2.3.7 and 2.4.2, of CRI-O on 1.36.3, of the Docker engine it follows its source (distribution/pull_v2.go).
 *
 * <p>containerd 2.1 and newer pull in one of two modes, by their transfer service or locally as older versions do, and a Node does
 * not report which. The two {@code _ANY_MODE} families are for nodes whose mode is not known.
 */
public enum RuntimeFamily {
    /** containerd 1.x. */
    CONTAINERD_1("containerd-1", false, false),
    /** containerd 2.0. */
    CONTAINERD_2_0("containerd-2.0", false, false),
    /** containerd 2.1 and 2.2, which pull by the transfer service. */
    CONTAINERD_2_1("containerd-2.1", true, false),
    /** containerd 2.3 and newer, which pull by the transfer service; today's containerd. */
    CONTAINERD_2_3("containerd-2.3", true, true),
    /** containerd 2.1 and 2.2, which pull locally. */
    CONTAINERD_LOCAL_2_1("containerd-local-2.1", false, false),
    /** containerd 2.3 and newer, which pull locally. */
    CONTAINERD_LOCAL("containerd-local", false, true),
    /** containerd 2.1 and 2.2, whose pull mode is not known. */
    CONTAINERD_2_1_ANY_MODE("containerd-2.1, unknown pull mode", true, false),
    /** containerd 2.3 and newer, whose pull mode is not known. */
    CONTAINERD_2_3_ANY_MODE("containerd-2.3, unknown pull mode", true, true),
    /** The Docker engine, behind cri-dockerd. */
    DOCKER("docker", false, false),
    /** CRI-O and other users of containers/image: no normalisation, no sub-platforms of amd64 and arm64. */
    CRIO("cri-o", false, false);

    /** The names that people use for families, in the order of documentation. */
    public static final List<String> NAMES = List.of(
            "containerd",
            "containerd-1",
            "containerd-2.0",
            "containerd-2.1",
            "containerd-2.3",
            "containerd-local",
            "docker",
            "cri-o");

    /** Read once for each change of a node. */
    private static final Pattern VERSION = Pattern.compile("v?(\\d{1,4})(?:\\.(\\d{1,4}))?(?!\\d).*", Pattern.DOTALL);

    /** k3s and RKE2 write {@code use_local_image_pull = true} (k3s: pkg/agent/templates; rancher/rke2#9541). */
    private static final Pattern LOCAL_BY_VERSION = Pattern.compile(".*[-+]k3s\\d*", Pattern.DOTALL);

    /**
     * Operating systems whose containerd is configured to discard unpacked layers, for which it pulls locally: EKS' Amazon Linux
     * (awslabs/amazon-eks-ami#1360), GKE's Container-Optimized OS (confidential-containers/cloud-api-adaptor#2257), Talos
     * (siderolabs/talos: internal/pkg/containers/cri, hcloud-k8s/terraform-hcloud-kubernetes#477).
     */
    private static final List<String> LOCAL_BY_OS_IMAGE =
            List.of("Amazon Linux 2023", "Container-Optimized OS from Google", "Talos (");

    private final String label;
    private final boolean transferService;
    private final boolean comparesOsFeatures;

    RuntimeFamily(String label, boolean transferService, boolean comparesOsFeatures) {
        this.label = label;
        this.transferService = transferService;
        this.comparesOsFeatures = comparesOsFeatures;
    }

    /** The name that messages and reports use. */
    public String label() {
        return label;
    }

    /** Whether it takes the type of what a reference names from the response to HEAD, rather than from that to GET. */
    public boolean trustsHeadContentType() {
        return this != CRIO;
    }

    /**
     * The families that a node of this one may be of, each of which behaves in a known way: itself, or both pull modes with the
     * transfer service first.
     */
    public List<RuntimeFamily> possible() {
        return switch (this) {
            case CONTAINERD_2_1_ANY_MODE -> List.of(CONTAINERD_2_1, CONTAINERD_LOCAL_2_1);
            case CONTAINERD_2_3_ANY_MODE -> List.of(CONTAINERD_2_3, CONTAINERD_LOCAL);
            default -> List.of(this);
        };
    }

    /** Whether it pulls by containerd's transfer service: the exact platform only, and every entry that fits. */
    public boolean usesTransferService() {
        return transferService;
    }

    /** Whether an entry fits only if the node has all its {@code os.features} (containerd/platforms 1.0.0-rc.3 and newer). */
    public boolean comparesOsFeatures() {
        return comparesOsFeatures;
    }

    /** Whether it unpacks only images whose config names the node's operating system; the architecture does not matter. */
    public boolean unpacksOwnOsOnly() {
        return transferService && comparesOsFeatures;
    }

    /** Whether this is containerd, of any version. */
    public boolean isContainerd() {
        return this != DOCKER && this != CRIO;
    }

    /** Whether it follows an index within an index. */
    public boolean followsNestedIndexes() {
        return isContainerd();
    }

    /**
     * The family of a node that reports this in {@code status.nodeInfo}. What is unknown or empty counts as today's containerd in an
     * unknown pull mode.
     *
     * @param containerRuntimeVersion for example {@code containerd://1.7.27} or {@code cri-o://1.33.1}
     * @param osImage for example {@code Amazon Linux 2023.6.20241212}; decides the pull mode where a distribution sets it
     */
    public static RuntimeFamily reportedAs(String containerRuntimeVersion, String osImage) {
        int scheme = containerRuntimeVersion.indexOf("://");
        String name = scheme < 0 ? containerRuntimeVersion : containerRuntimeVersion.substring(0, scheme);
        String version = scheme < 0 ? "" : containerRuntimeVersion.substring(scheme + 3);
        if ("cri-o".equalsIgnoreCase(name)) {
            return CRIO;
        }
        if ("docker".equalsIgnoreCase(name)) {
            return DOCKER;
        }
        Matcher numbers = VERSION.matcher(version);
        if (!"containerd".equalsIgnoreCase(name) || !numbers.matches()) {
            return CONTAINERD_2_3_ANY_MODE;
        }
        int major = Integer.parseInt(numbers.group(1));
        int minor = numbers.group(2) == null ? 0 : Integer.parseInt(numbers.group(2));
        if (major < 2 || major == 2 && minor == 0) {
            return major < 2 ? CONTAINERD_1 : CONTAINERD_2_0;
        }
        boolean local = LOCAL_BY_VERSION.matcher(version).matches()
                || LOCAL_BY_OS_IMAGE.stream().anyMatch(osImage::startsWith);
        if (major == 2 && minor < 3) {
            return local ? CONTAINERD_LOCAL_2_1 : CONTAINERD_2_1_ANY_MODE;
        }
        return local ? CONTAINERD_LOCAL : CONTAINERD_2_3_ANY_MODE;
    }

    /**
     * The family of a node whose owner names it by a label, which overrides what the node reports; of containerd in local mode, the
     * reported version decides about {@code os.features}.
     *
     * @return empty if the label is none of {@link #NAMES}
     */
    public static Optional<RuntimeFamily> labelled(String text, RuntimeFamily reported) {
        if (!NAMES.contains(text)) {
            return Optional.empty();
        }
        RuntimeFamily named = named(text);
        boolean older = reported == CONTAINERD_2_1_ANY_MODE || reported == CONTAINERD_LOCAL_2_1;
        return Optional.of(named == CONTAINERD_LOCAL && older ? CONTAINERD_LOCAL_2_1 : named);
    }

    /**
     * The family that a person names with {@code --runtime}, {@code nodePools[].runtime} or a node label: one of {@link #NAMES};
     * {@code containerd} is the newest.
     *
     * @throws IllegalArgumentException when it is none of these; the message names them
     */
    public static RuntimeFamily named(String text) {
        if ("containerd".equals(text)) {
            return CONTAINERD_2_3;
        }
        return Arrays.stream(values())
                .filter(family -> family.label.equals(text) && NAMES.contains(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown container runtime \"" + Printable.of(text)
                        + "\"; use containerd (the newest), "
                        + NAMES.stream().skip(1).limit(NAMES.size() - 2L).collect(Collectors.joining(", ")) + " or "
                        + NAMES.get(NAMES.size() - 1)));
    }
}
