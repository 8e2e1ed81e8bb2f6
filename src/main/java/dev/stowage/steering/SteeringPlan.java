package dev.stowage.steering;

import dev.stowage.node.EligibleNodes;
import dev.stowage.node.Toleration;
import dev.stowage.platform.Platform;
import dev.stowage.steering.SteeringSettings.Preference;
import java.util.List;
import java.util.Objects;

/** What steering does with a pod. */
public sealed interface SteeringPlan {

    /**
     * The pod gets scheduling rules that it does not have yet.
     *
     * @param requirement the nodes that it is bound to; binds to nothing if all eligible nodes run its images
     * @param tolerations the tolerations to add
     * @param preferences the platforms to prefer
     * @param platforms the platforms that it may run on, without variants
     * @param keptOff the platforms of eligible nodes that do not run all its images
     * @param nodes the eligible nodes with these tolerations, and without the requirement
     */
    record Steered(
            PlatformRequirement requirement,
            List<Toleration> tolerations,
            List<Preference> preferences,
            List<Platform> platforms,
            List<Platform> keptOff,
            EligibleNodes nodes)
            implements SteeringPlan {
        public Steered {
            Objects.requireNonNull(requirement, "requirement");
            tolerations = List.copyOf(tolerations);
            preferences = List.copyOf(preferences);
            platforms = List.copyOf(platforms);
            keptOff = List.copyOf(keptOff);
            Objects.requireNonNull(nodes, "nodes");
        }

        @Override
        public String label() {
            return "steered";
        }
    }

    /**
     * The pod stays as it is.
     *
     * @param cause the class of the reason
     * @param detail what differs between pods of this cause, one clause; often empty
     */
    record Left(Cause cause, String detail) implements SteeringPlan {
        public Left {
            Objects.requireNonNull(cause, "cause");
            Objects.requireNonNull(detail, "detail");
        }

        static Left because(Cause cause) {
            return new Left(cause, "");
        }

        @Override
        public String label() {
            return cause.label();
        }
    }

    /** Why a pod stays as it is. */
    enum Cause {
        /** Steering is off in its namespace, it is exempt, or something else decides where it runs. */
        OUT_OF_SCOPE("out_of_scope"),
        /** All eligible nodes run all its images. */
        UNNEEDED("unneeded"),
        /** No eligible node runs all its images. */
        NOWHERE("nowhere"),
        /** No eligible node is known. */
        NO_NODES("no_nodes"),
        /** An image could not be read, does not exist, or depends on something unseen of the node. */
        UNDETERMINED("undetermined"),
        /** Nodes with the same labels of os and architecture differ. */
        INDISTINGUISHABLE("indistinguishable"),
        /** An internal error, or too many large pods at a time. */
        FAILED("failed");

        private final String label;

        Cause(String label) {
            this.label = label;
        }

        /** The value in metrics. */
        public String label() {
            return label;
        }
    }

    /** The value in metrics; stable. */
    String label();
}
