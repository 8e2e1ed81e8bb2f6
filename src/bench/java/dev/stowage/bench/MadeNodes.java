package dev.stowage.bench;

import dev.stowage.node.NodeFacts;
import dev.stowage.node.Taint;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cluster's nodes: amd64 and arm64 by turns, ten labels each, every tenth tainted. */
public final class MadeNodes {

    private MadeNodes() {}

    /** So many nodes. */
    public static List<NodeFacts> of(int count) {
        NodeProfile amd64 = NodeProfile.of(Platform.of("linux", "amd64"));
        NodeProfile arm64 = NodeProfile.of(Platform.of("linux", "arm64"));
        List<NodeFacts> nodes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String architecture = i % 2 == 0 ? "amd64" : "arm64";
            Map<String, String> labels = Map.of(
                    "kubernetes.io/os",
                    "linux",
                    "kubernetes.io/arch",
                    architecture,
                    "kubernetes.io/hostname",
                    "node-" + i,
                    "node.kubernetes.io/instance-type",
                    "m6.large",
                    "topology.kubernetes.io/region",
                    "eu-1",
                    "topology.kubernetes.io/zone",
                    "eu-1" + (char) ('a' + i % 3),
                    "example.org/pool",
                    "pool-" + i % 7,
                    "example.org/disk",
                    "ssd",
                    "example.org/team",
                    "team-" + i % 5,
                    "example.org/rack",
                    "rack-" + i / 40);
            List<Taint> taints =
                    i % 10 == 0 ? List.of(new Taint("example.org/dedicated", "batch", "NoSchedule")) : List.of();
            // shared, as those of nodes that are read
            NodeProfile profile = i % 2 == 0 ? amd64 : arm64;
            nodes.add(new NodeFacts("node-" + i, false, Optional.of(profile), labels, taints));
        }
        return List.copyOf(nodes);
    }
}
