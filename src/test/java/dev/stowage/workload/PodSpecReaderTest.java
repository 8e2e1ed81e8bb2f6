package dev.stowage.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.testing.Reviews;
import dev.stowage.text.Glob;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images that are only data, and images that a controller replaces. */
class PodSpecReaderTest {

    @ParameterizedTest(name = "{0} with mounts {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "[/util/cp, /bundle]        | {name: tools, mountPath: /util}                                                | true",
                "[/utility/x]               | {name: tools, mountPath: /util}                                                | false",
                "[/util/sub/x]              | {name: tools, mountPath: /util/}                                               | true",
                "[/x]                       | {name: tools, mountPath: /}                                                    | false",
                "[cp, /util/x]              | {name: tools, mountPath: /util}                                                | false",
                "[util/cp]                  | {name: tools, mountPath: /util}                                                | false",
                "[/util/../bin/sh]          | {name: tools, mountPath: /util}                                                | false",
                "[/bin/../util/./cp]        | {name: tools, mountPath: //util}                                               | true",
                "[/util/cp]                 | {name: tools, mountPath: util}                                                 | true",
                "[/util/cp]                 | {name: tools, mountPath: /data/../util}                                        | true",
                "[/util/cp]                 | {name: tools, mountPath: /util/..}                                             | false",
                "[/usr/local/bin/tool]      | {name: tools, mountPath: /usr/local/bin/tool, subPath: tool}                   | true",
                "[/usr/local/bin/tool]      | {name: tools, mountPath: /usr/local/bin/tool}                                  | false",
                "[/scripts/run.sh]          | {name: texts, mountPath: /scripts}                                | false",
                "[/tools/scripts/run.sh]    | {name: tools, mountPath: /tools}, {name: texts, mountPath: /tools/scripts}     | false",
                "[/tools/scripts/bin/x]     | {name: texts, mountPath: /tools/scripts}, {name: tools, mountPath: /tools/scripts/bin} | true",
                "[]                         | {name: tools, mountPath: /util}                                                | false"
            })
    @DisplayName("a container whose program is on a volume uses its image as data")
    void data(String command, String mounts, boolean data) {
        Workload pod = new WorkloadReader()
                .read(
                        Reviews.yaml(
                                "{apiVersion: v1, kind: Pod, spec: {containers: [{name: pull, image: 'bundle:1', command: "
                                        + command + ", volumeMounts: [" + mounts
                                        + "]}], volumes: [{name: tools, emptyDir: {}}, {name: texts, configMap: {name: x, defaultMode: 493}}]}}"))
                .orElseThrow();

        assertThat(pod.images().get(0).data()).isEqualTo(data);
    }

    @ParameterizedTest(name = "{0}: {1} is {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{annotations: {inject.istio.io/templates: gateway}}           | auto             | ''",
                "{labels: {sidecar.istio.io/inject: 'true'}}                   | auto             | ''",
                "{annotations: {sidecar.istio.io/inject: 'true'}}              | auto             | ''",
                "{labels: {sidecar.istio.io/inject: 'false'}}                  | auto             | auto",
                "{labels: {app: gateway}}                                      | auto             | auto",
                "{labels: {sidecar.istio.io/inject: 'true'}}                   | auto:1           | auto:1",
                "{labels: {sidecar.istio.io/inject: 'true'}}                   | library/auto     | library/auto",
                "{}                                                            | placeholder/app  | ''",
                "{}                                                            | other/app        | other/app"
            })
    @DisplayName("a template's placeholder is left alone like a blank image")
    void placeholders(String metadata, String image, String read) {
        WorkloadReader reader = new WorkloadReader(
                new WorkloadSettings(List.of(), List.of(new Glob("placeholder/*"))), ReviewBudget.DEFAULT);
        String spec = "{metadata: " + metadata + ", spec: {containers: [{name: app, image: '" + image + "'}]}}";

        assertThat(image(reader, "{apiVersion: apps/v1, kind: Deployment, spec: {template: " + spec + "}}"))
                .isEqualTo(read);
        assertThat(image(
                        reader,
                        "{apiVersion: batch/v1, kind: CronJob, spec: {jobTemplate: {spec: {template: " + spec + "}}}}"))
                .isEqualTo(read);
    }

    @Test
    @DisplayName("a Pod has no placeholders: nothing replaces them any more")
    void pods() {
        WorkloadReader reader =
                new WorkloadReader(new WorkloadSettings(List.of(), List.of(new Glob("*"))), ReviewBudget.DEFAULT);

        assertThat(image(
                        reader,
                        "{apiVersion: v1, kind: Pod, metadata: {labels: {sidecar.istio.io/inject: 'true'}},"
                                + " spec: {containers: [{name: app, image: auto}]}}"))
                .isEqualTo("auto");
    }

    private static String image(WorkloadReader reader, String object) {
        return reader.read(Reviews.yaml(object)).orElseThrow().images().get(0).image();
    }
}
