package dev.stowage.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Where the demonstration plays: something that admits or refuses objects, with Stowage's webhook behind it. */
interface Stage extends AutoCloseable {

    /** What this is, in lines for the reader. */
    List<String> description();

    /**
     * Applies a manifest that was not applied before.
     *
     * @throws IOException when there was no answer that kubectl could print
     */
    Applied apply(Manifest manifest) throws IOException, InterruptedException;

    /**
     * What {@code kubectl get imagereports} prints, a line each; none where no reports are kept.
     *
     * @param images of how many images there are to be reports; it is waited for them
     * @throws IOException when they do not come
     */
    List<String> reports(int images) throws IOException, InterruptedException;

    /**
     * How a reader can talk to it while it stays up.
     *
     * @param folder where the manifests lie; the stage adds what else is needed
     */
    List<String> invitation(Path folder, List<Scene> scenes) throws IOException;

    /** What a reader may try after it ended. */
    List<String> next();

    /** The last lines of the product's log, to find out why something came out otherwise than it must; empty without one. */
    List<String> log();

    @Override
    void close();
}
