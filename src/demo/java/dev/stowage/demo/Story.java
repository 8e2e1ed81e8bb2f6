package dev.stowage.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/** Shows the scenes one after the other and counts what came out otherwise than it must. */
final class Story {

    private final PrintWriter out;
    private int unexpected;

    Story(PrintWriter out) {
        this.out = out;
    }

    /** Plays these scenes. */
    void play(List<Scene> scenes, Stage stage) throws IOException, InterruptedException {
        int number = 0;
        for (Scene scene : scenes) {
            number++;
            out.println();
            out.println("== " + number + ". " + scene.title());
            out.println("   " + scene.about());
            out.println();
            out.println("$ kubectl apply -f " + scene.manifest().file());
            Applied applied = stage.apply(scene.manifest());
            applied.lines().forEach(out::println);
            if (applied.created() == scene.denied()) {
                unexpected++;
                out.println("!! unexpected: this must be " + (scene.denied() ? "denied" : "let in"));
            }
            out.flush();
        }
        out.println();
        out.println(
                unexpected == 0
                        ? "All " + number + " as expected."
                        : unexpected + " of " + number + " came out otherwise than they must.");
    }

    /** Whether everything came out as it must. */
    boolean wentWell() {
        return unexpected == 0;
    }
}
