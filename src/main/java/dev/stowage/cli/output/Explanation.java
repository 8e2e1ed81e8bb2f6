package dev.stowage.cli.output;

import dev.stowage.image.Digest;
import dev.stowage.policy.Action;
import dev.stowage.verdict.Verdict;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Why {@code stowage check} answers as it does, for one workload or for an image given on the command line.
 *
 * @param workload the workload, with an empty container; empty for an image given on the command line
 * @param nodes which nodes count, and which do not
 * @param placement how many of them must run the images; empty where no workload is placed
 * @param images its images, with what nodes take of them; empty if it is not checked
 * @param checks the results that this explains
 */
public record Explanation(
        Optional<ImageCheck.Source> workload,
        Nodes nodes,
        Optional<Rule> placement,
        List<Image> images,
        List<ImageCheck> checks) {

    /**
     * A rule that applies.
     *
     * @param value its value: {@code all}
     * @param why why it applies, a clause
     */
    public record Rule(String value, String why) {
        public Rule {
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(why, "why");
        }
    }

    /**
     * The nodes.
     *
     * @param basis where the profiles are from: {@code nodes}, {@code stated}, {@code pinned} or {@code none}
     * @param summary the same in a clause: {@code 3 of 9 nodes count}
     * @param groups nodes with the same answer, in bounded number
     * @param problems the first labels of nodes that cannot be read, a sentence each
     */
    public record Nodes(String basis, String summary, List<NodeGroup> groups, List<String> problems) {
        public Nodes {
            Objects.requireNonNull(basis, "basis");
            Objects.requireNonNull(summary, "summary");
            groups = List.copyOf(groups);
            problems = List.copyOf(problems);
        }
    }

    /**
     * Nodes with the same answer.
     *
     * @param counts whether the pods may run there
     * @param who the nodes in words: {@code 4 nodes (n1, n2, n3 and 1 more)}; empty if no node is known
     * @param size how many they are
     * @param names the names of the first ones
     * @param rule the rule that excludes them: {@code Taint}; empty if they count
     * @param why their platform and runtime if they count, else why they do not
     */
    public record NodeGroup(Counts counts, String who, int size, List<String> names, String rule, String why) {
        public NodeGroup {
            Objects.requireNonNull(counts, "counts");
            Objects.requireNonNull(who, "who");
            names = List.copyOf(names);
            Objects.requireNonNull(rule, "rule");
            Objects.requireNonNull(why, "why");
        }
    }

    /** Whether nodes count. */
    public enum Counts {
        /** The pods may be scheduled there. */
        YES,
        /** A provisioner may add such nodes, or others: they cause warnings only. */
        PERHAPS,
        /** A rule excludes them. */
        NO
    }

    /**
     * An image.
     *
     * @param image the image as written, safe to print
     * @param containers the containers and volumes that use it
     * @param action what the webhook does because of it; empty where no workload is reviewed
     * @param key the configuration key that says so: {@code onUnresolved}; empty if it is not configurable
     * @param outcomes what nodes of each platform and runtime do with it
     */
    public record Image(
            String image, List<String> containers, Optional<Action> action, String key, List<Outcome> outcomes) {
        public Image {
            Objects.requireNonNull(image, "image");
            containers = List.copyOf(containers);
            Objects.requireNonNull(action, "action");
            Objects.requireNonNull(key, "key");
            outcomes = List.copyOf(outcomes);
        }
    }

    /**
     * What nodes of a platform do with an image.
     *
     * @param platform their platform
     * @param runtimes their runtimes, which all do the same
     * @param verdict whether they run it
     * @param entry what they take of it, or try; empty if nothing, or if it could not be read
     */
    public record Outcome(String platform, List<String> runtimes, Verdict verdict, Optional<Entry> entry) {
        public Outcome {
            Objects.requireNonNull(platform, "platform");
            runtimes = List.copyOf(runtimes);
            Objects.requireNonNull(verdict, "verdict");
            Objects.requireNonNull(entry, "entry");
        }
    }

    /**
     * A manifest that nodes take.
     *
     * @param digest its digest
     * @param platform the platform that the index names for it; empty if it names none, or if there is no index
     * @param indexed whether an index has it as an entry
     */
    public record Entry(Digest digest, String platform, boolean indexed) {
        public Entry {
            Objects.requireNonNull(digest, "digest");
            Objects.requireNonNull(platform, "platform");
        }

        /** {@code takes the entry linux/amd64 (sha256:…)}. */
        String inWords() {
            return indexed
                    ? "the entry " + (platform.isEmpty() ? "without platform" : platform) + " (" + digest.abbreviated()
                            + ")"
                    : "the manifest " + digest.abbreviated();
        }
    }

    public Explanation {
        Objects.requireNonNull(workload, "workload");
        Objects.requireNonNull(nodes, "nodes");
        Objects.requireNonNull(placement, "placement");
        images = List.copyOf(images);
        checks = List.copyOf(checks);
    }
}
