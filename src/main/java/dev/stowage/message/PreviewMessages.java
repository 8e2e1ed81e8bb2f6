package dev.stowage.message;

import dev.stowage.image.Printable;
import dev.stowage.text.WordList;
import java.util.ArrayList;
import java.util.List;

/** The warnings about what would be denied in a namespace: the command that shows more first, because clients cut long lines. */
public final class PreviewMessages {

    private static final String PREFIX = "Stowage: ";
    private static final int NAMED = 2;
    private static final int IMAGE_LENGTH = 120;

    private PreviewMessages() {}

    /**
     * An image that would be denied.
     *
     * @param image the image
     * @param sentence why, one clause
     * @param workloads those that use it
     */
    public record Denied(String image, String sentence, List<String> workloads) {
        public Denied {
            workloads = List.copyOf(workloads);
        }
    }

    /**
     * The warnings, at most {@link WarningMessages#MAX_COUNT}; none if all images run.
     *
     * @param namespace the namespace
     * @param denied the images that would be denied
     * @param unknown the number of images of which nothing is known
     * @param total the number of images
     */
    public static List<String> of(String namespace, List<Denied> denied, int unknown, int total) {
        List<String> lines = new ArrayList<>();
        if (!denied.isEmpty()) {
            lines.add(line("see \"" + command(namespace) + "\": " + denied.size() + " of "
                    + MessageLine.count(total, "image", "images")
                    + " would be denied in new or changed workloads; what runs goes on"));
        }
        if (unknown > 0) {
            lines.add(line("see \"" + command(namespace) + "\": nothing is known of " + unknown + " of "
                    + MessageLine.count(total, "image", "images")
                    + ", which could not be read, or were not checked for a day"));
        }
        int room = WarningMessages.MAX_COUNT - lines.size();
        int told = denied.size() <= room ? denied.size() : room - 1;
        denied.stream().limit(told).forEach(image -> lines.add(line(inWords(namespace, image))));
        if (told < denied.size()) {
            lines.add(line(Printable.of(namespace) + ": and " + (denied.size() - told) + " more"));
        }
        return List.copyOf(lines);
    }

    /** The warning that it is not known what would be denied, for this reason. */
    public static List<String> ofUnknown(String namespace, String why) {
        return List.of(
                line("it is not known what would be denied in namespace " + Printable.of(namespace) + ": " + why));
    }

    private static String inWords(String namespace, Denied denied) {
        String users = denied.workloads().isEmpty() ? "" : " of " + WordList.of(denied.workloads(), NAMED);
        return Printable.of(namespace) + ": image " + MessageLine.cut(denied.image(), IMAGE_LENGTH) + users + " "
                + denied.sentence();
    }

    private static String command(String namespace) {
        return "kubectl get imgr -n " + Printable.of(namespace);
    }

    private static String line(String text) {
        return MessageLine.cut(PREFIX + MessageLine.safe(text), WarningMessages.MAX_LENGTH);
    }
}
