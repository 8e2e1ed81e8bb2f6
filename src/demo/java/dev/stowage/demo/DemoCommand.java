package dev.stowage.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./demo}: the main job on what this repository brings along; runs in the root of the repository. */
@Command(
        name = "./demo",
        mixinStandardHelpOptions = true,
        description = {
            "Shows the main job: an embedded registry with images that are not what they seem, the webhook over TLS,"
                    + " and what kubectl prints when they are applied to a cluster of an amd64 and an arm64 node.",
            "With the binaries of an API server at hand the cluster is real; " + KubeBinaries.HOW_TO_GET_THEM
                    + ". Without them the reviews are posted straight at the webhook."
        },
        footerHeading = "%nExit codes:%n",
        footer = {"  0  everything came out as it must", "  1  something did not", "  2  something did not start"})
final class DemoCommand implements Callable<Integer> {

    private static final int AS_EXPECTED = 0;
    private static final int UNEXPECTED = 1;
    private static final int NOT_STARTED = 2;

    @Option(
            names = "--serve",
            description = "Stay up after the demonstration, and print how to talk to it. Ctrl-C ends it.")
    private boolean serve;

    @Spec
    private CommandSpec spec;

    /** Runs it and ends the process with its exit code. */
    public static void main(String... args) {
        System.exit(new CommandLine(new DemoCommand()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        out.println("Stowage keeps container images off Kubernetes nodes that cannot run them.");
        out.println();
        out.flush();
        try (EmbeddedRegistry registry = EmbeddedRegistry.start()) {
            PuzzleImage.fill(registry);
            List<Scene> scenes = Scene.story(registry.address());
            try (Stage stage = open(scenes)) {
                out.println("Registry  http://" + registry.address());
                stage.description().forEach(out::println);
                boolean wentWell = play(scenes, stage, out);
                out.println();
                if (serve) {
                    stayUp(stage, scenes, registry, out);
                } else {
                    out.println("What to try next:");
                    stage.next().forEach(line -> out.println("  " + line));
                }
                return wentWell ? AS_EXPECTED : UNEXPECTED;
            }
        } catch (IOException | UncheckedIOException e) {
            spec.commandLine().getErr().println("demo: " + e.getMessage());
            return NOT_STARTED;
        }
    }

    /** Plays the scenes and shows the reports; when something is not as it must be, the product's log says why. */
    private boolean play(List<Scene> scenes, Stage stage, PrintWriter out) throws IOException, InterruptedException {
        Story story = new Story(out);
        boolean wentWell = false;
        try {
            story.play(scenes, stage);
            show(stage.reports(imagesOf(scenes)), out);
            wentWell = story.wentWell();
            return wentWell;
        } finally {
            if (!wentWell) {
                stage.log().forEach(spec.commandLine().getErr()::println);
            }
        }
    }

    private static int imagesOf(List<Scene> scenes) {
        return (int) scenes.stream()
                .map(scene -> scene.manifest().image())
                .distinct()
                .count();
    }

    private static void show(List<String> reports, PrintWriter out) {
        if (!reports.isEmpty()) {
            out.println();
            out.println("== What Stowage keeps of it: an ImageReport for each image that runs here, or was denied");
            out.println();
            out.println("$ kubectl get imagereports");
            reports.forEach(out::println);
        }
    }

    private static Stage open(List<Scene> scenes) throws IOException, InterruptedException {
        Optional<KubeBinaries> binaries = KubeBinaries.find(System.getenv(), Path.of(System.getProperty("user.home")));
        return binaries.isPresent()
                ? ClusterStage.open(binaries.get(), scenes.get(0).manifest())
                : ReviewStage.open();
    }

    /** Ends with the process only: by Ctrl-C, or when whoever started it ends it. */
    private static void stayUp(Stage stage, List<Scene> scenes, EmbeddedRegistry registry, PrintWriter out)
            throws IOException, InterruptedException {
        TemporaryFolder folder = TemporaryFolder.create("stowage-demo");
        Runtime.getRuntime().addShutdownHook(new Thread(folder::close, "remove-manifests"));
        for (Scene scene : scenes) {
            scene.manifest().writeTo(folder.path());
        }
        stage.invitation(folder.path(), scenes).forEach(out::println);
        out.println("The same on the command line:");
        for (String command : List.of("inspect --explain", "check --platform linux/arm64")) {
            out.println("  java -jar "
                    + StowageProcess.JAR.toAbsolutePath() + " " + command + " "
                    + PuzzleImage.AMD64_ATTESTED.reference(registry.address()));
        }
        out.println("The registry takes pushes too, over plain http:");
        out.println(
                "  docker tag IMAGE " + registry.address() + "/mine:1; docker push " + registry.address() + "/mine:1");
        out.println();
        out.println("Ctrl-C ends everything.");
        out.flush();
        new CountDownLatch(1).await();
    }
}
