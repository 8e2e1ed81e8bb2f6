package dev.stowage.kube;

/** A cluster whose nodes cannot be read. The message is one sentence that names the flag or command that fixes it. */
public final class ClusterUnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean contacted;

    public ClusterUnavailableException(boolean contacted, String message) {
        super(message);
        this.contacted = contacted;
    }

    /** Whether the cluster was contacted; otherwise the kubeconfig names no cluster that can be. */
    public boolean wasContacted() {
        return contacted;
    }
}
