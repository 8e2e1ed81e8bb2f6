package dev.stowage.admission;

/** The paths at which reviews are accepted; every other path is not found. */
public interface ReviewPaths {

    /**
     * Whether a review may come to this path. Cheap, and never blocks; how long it takes says nothing about the accepted paths.
     *
     * @param path the path of the request, without its query
     */
    boolean accepts(String path);
}
