package dev.stowage.cli.manifest;

import dev.stowage.workload.ImageUse;
import dev.stowage.workload.Workload;
import java.util.List;
import java.util.Objects;

/**
 * A workload that a manifest contains.
 *
 * @param workload the workload
 * @param file the file as given or found; {@code -} for standard input
 * @param imageLines the line of each of its images, in the order of {@link Workload#images()}
 */
public record ManifestWorkload(Workload workload, String file, List<Integer> imageLines) {
    public ManifestWorkload {
        Objects.requireNonNull(workload, "workload");
        Objects.requireNonNull(file, "file");
        imageLines = List.copyOf(imageLines);
    }

    /** The line where this image of the workload is named, counted from 1. */
    public int lineOf(ImageUse use) {
        int index = workload.images().indexOf(use);
        return index < 0 ? 1 : imageLines.get(index);
    }
}
