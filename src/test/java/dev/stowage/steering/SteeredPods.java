package dev.stowage.steering;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.stowage.assessment.ImageFinding;
import dev.stowage.assessment.WorkloadAssessment;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.EligibleNodesCache;
import dev.stowage.node.NodeFacts;
import dev.stowage.platform.NodeProfile;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Verdict;
import dev.stowage.workload.Workload;
import dev.stowage.workload.WorkloadReader;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Plans and patches pods as the webhook does: from what it keeps of them. */
public final class SteeredPods {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final SteeringSettings settings;
    private final List<NodeFacts> nodes;
    private final BiFunction<String, NodeProfile, Verdict> verdicts;
    private final Function<String, ImageContents> contents;

    /** @param contents what an image contains */
    public SteeredPods(
            SteeringSettings settings,
            List<NodeFacts> nodes,
            BiFunction<String, NodeProfile, Verdict> verdicts,
            Function<String, ImageContents> contents) {
        this.settings = settings;
        this.nodes = nodes;
        this.verdicts = verdicts;
        this.contents = contents;
    }

    static JsonNode pod(String yaml) {
        try {
            return YAML.readTree(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The plan for a pod. */
    public SteeringPlan plan(JsonNode pod) {
        SteeringPlanner planner = new SteeringPlanner(settings, new EligibleNodesCache());
        Workload workload = read(pod);
        EligibleNodes candidates = planner.candidates(workload.scheduling(), nodes);
        List<ImageFinding> findings = workload.images().stream()
                .map(use -> {
                    Map<NodeProfile, Verdict> found = new LinkedHashMap<>();
                    candidates.profiles().forEach(profile -> found.put(profile, verdicts.apply(use.image(), profile)));
                    return new ImageFinding(use, new ImageAssessment(use.image(), contents.apply(use.image()), found));
                })
                .toList();
        return planner.plan(new WorkloadAssessment(workload, candidates, findings), nodes);
    }

    /** The operations, of the reduced pod. */
    public JsonNode patch(JsonNode pod) {
        return plan(pod) instanceof SteeringPlan.Steered steered
                ? SteeringPatch.of(reduced(pod), steered)
                        .map(JsonNode.class::cast)
                        .orElseGet(JSON::createArrayNode)
                : JSON.createArrayNode();
    }

    /** The pod as the API server would patch it. */
    JsonNode steer(JsonNode pod) {
        return JsonPatch.apply(patch(pod), pod);
    }

    EligibleNodes eligible(JsonNode pod) {
        return EligibleNodes.of(read(pod).scheduling(), nodes);
    }

    static Workload read(JsonNode pod) {
        return new WorkloadReader().read(pod).orElseThrow();
    }

    private static JsonNode reduced(JsonNode pod) {
        try (JsonParser parser = JSON.createParser(pod.toString())) {
            parser.nextToken();
            return new WorkloadReader().reduce(parser).fields();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
