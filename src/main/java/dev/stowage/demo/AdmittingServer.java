package dev.stowage.demo;

import java.io.IOException;

/** Where the demonstration applies its manifests. */
interface AdmittingServer extends AutoCloseable {

    /** What this is, in one or two lines for the reader. */
    String description();

    /**
     * Applies a manifest that was not applied before.
     *
     * @throws IOException when there was no answer that kubectl could print
     */
    Applied apply(Manifest manifest) throws IOException, InterruptedException;

    @Override
    void close();
}
