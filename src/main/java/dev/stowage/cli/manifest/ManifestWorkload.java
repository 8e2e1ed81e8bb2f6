package dev.stowage.cli.manifest;

import dev.stowage.workload.ImageUse;
import dev.stowage.workload.Workload;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A workload that a manifest contains, or an image that a custom resource names outside its pod templates.
 *
 * @param workload the workload; with this one image if it is one of a custom resource
 * @param path the path of its pod template; empty if the kind says it
 * @param placed whether it is known where its pods may run; not of an image of a custom resource
 * @param file the file as given or found; {@code -} for standard input
 * @param imageLines the line of each of its images
 */
public record ManifestWorkload(
        Workload workload, String path, boolean placed, String file, Map<ImageUse, Integer> imageLines) {
    public ManifestWorkload {
        Objects.requireNonNull(workload, "workload");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(file, "file");
        imageLines = Collections.unmodifiableMap(new HashMap<>(imageLines));
    }

    /** The line where this image of the workload is named, counted from 1. */
    public int lineOf(ImageUse use) {
        return imageLines.getOrDefault(use, 1);
    }
}
