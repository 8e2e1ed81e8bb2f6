package dev.stowage.registry.credentials.plugin;

/** The parser of what a credential provider plug-in prints, for one input. */
public final class PluginOutputParser {

    private PluginOutputParser() {}

    /** Parses the output. */
    public static void parse(String output) {
        try {
            PluginResponse.read("plugin", "credentialprovider.kubelet.k8s.io/v1", output);
        } catch (IllegalArgumentException e) {
            if (String.valueOf(e.getMessage()).length() > 200) {
                throw new AssertionError("the message is too long", e);
            }
        }
    }
}
