package dev.stowage.kube;

/** A cluster whose nodes cannot be read. The message is one sentence that names the flag or command that fixes it. */
public final class ClusterUnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean asked;

    public ClusterUnavailableException(boolean asked, String message) {
        super(message);
        this.asked = asked;
    }

    /** Whether the cluster was asked, in vain; otherwise the kubeconfig does not say which cluster to ask. */
    public boolean wasAsked() {
        return asked;
    }
}
