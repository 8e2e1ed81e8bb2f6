package dev.stowage.cli.scan;

import dev.stowage.cluster.watch.Requests;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The result of a scan.
 *
 * @param cluster the name of the cluster's context; may be empty
 * @param at the time of the scan
 * @param version the version of Stowage
 * @param platforms the platforms that images were checked for
 * @param rows one for each image in each namespace, those that do not run first
 * @param requestsKnown whether pods could be listed, so that what they request is known
 * @param imagesTotal the number of images, of which a partial result lacks some
 * @param partial whether the scan was ended before all was known
 * @param notes what could not be read, and why the result is partial if it is; a sentence each
 */
record ScanResult(
        String cluster,
        Instant at,
        String version,
        List<String> platforms,
        List<ScanRow> rows,
        boolean requestsKnown,
        int imagesTotal,
        boolean partial,
        List<String> notes) {

    private static final Comparator<ScanRow> ORDER = Comparator.comparing((ScanRow row) -> !row.doesNotRun())
            .thenComparing(row -> !row.undetermined())
            .thenComparing(row -> -row.requests().milliCpu())
            .thenComparing(ScanRow::namespace)
            .thenComparing(row -> row.key().image());

    ScanResult {
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(version, "version");
        platforms = List.copyOf(platforms);
        rows = rows.stream().sorted(ORDER).toList();
        notes = List.copyOf(notes);
    }

    /** The number of images, each once however many namespaces use it. */
    int images() {
        return distinct(row -> true);
    }

    int namespaces() {
        return (int) rows.stream().map(ScanRow::namespace).distinct().count();
    }

    private int distinct(Predicate<ScanRow> which) {
        return (int) rows.stream()
                .filter(which)
                .map(row -> row.key().image())
                .distinct()
                .count();
    }

    /** What all containers request. */
    Requests requests() {
        return sum(rows);
    }

    private static Requests sum(List<ScanRow> rows) {
        return rows.stream().map(ScanRow::requests).reduce(Requests.NONE, Requests::plus);
    }

    /** What keeps platforms out, for each that some image does not run on. */
    List<PlatformGap> gaps() {
        List<PlatformGap> gaps = new ArrayList<>();
        for (String platform : platforms) {
            List<ScanRow> missing = rows.stream()
                    .filter(row -> row.status().missingPlatforms().contains(platform))
                    .toList();
            if (!missing.isEmpty()) {
                Set<String> images =
                        missing.stream().map(row -> row.key().image()).collect(Collectors.toSet());
                gaps.add(new PlatformGap(
                        platform,
                        images.size(),
                        (int) missing.stream()
                                .map(ScanRow::namespace)
                                .distinct()
                                .count(),
                        workloads(missing),
                        sum(missing)));
            }
        }
        return gaps;
    }

    /** Each once, as far as they are named. */
    private static int workloads(List<ScanRow> rows) {
        Set<String> named = rows.stream()
                .flatMap(row -> row.workloads().stream().map(workload -> row.namespace() + "/" + workload))
                .collect(Collectors.toSet());
        int unnamed = rows.stream()
                .mapToInt(row -> Math.max(
                        0,
                        Objects.requireNonNullElse(row.status().usedByTotal(), 0)
                                - row.workloads().size()))
                .sum();
        return named.size() + unnamed;
    }

    /** The share of a part in percent, in words; empty if there is no whole. */
    static String percent(long part, long whole) {
        if (whole <= 0) {
            return "";
        }
        double share = 100.0 * part / whole;
        String number = share > 0 && share < 1 ? "less than 1" : Long.toString(Math.round(share));
        return number + " %";
    }

    /** What a migration needs to know, a sentence each. */
    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        if (partial) {
            sentences.add(
                    "PARTIAL: the scan was ended after " + images() + " of " + several(imagesTotal, "image") + ".");
        }
        if (rows.isEmpty()) {
            sentences.add("No images are known.");
            return sentences;
        }
        List<PlatformGap> gaps = gaps();
        gaps.forEach(gap -> sentences.add(sentence(gap)));
        int doesNotRun = distinct(ScanRow::doesNotRun);
        int notFound = distinct(ScanRow::notFound);
        int undetermined = distinct(row -> row.undetermined() && !row.notFound());
        int notChecked = distinct(ScanRow::notChecked);
        if (doesNotRun + notFound + undetermined == 0 && notChecked < images()) {
            int run = images() - notChecked;
            sentences.add((run == 1 ? "The only image runs on " : "All " + run + " images run on ")
                    + String.join(", ", platforms) + ".");
        } else if (doesNotRun > 0 && gaps.isEmpty()) {
            sentences.add(doesNotRun + " of " + several(images(), "image") + " run nowhere.");
        }
        if (notFound > 0) {
            sentences.add(several(notFound, "image") + (notFound == 1 ? " does" : " do") + " not exist.");
        }
        if (undetermined > 0) {
            sentences.add(several(undetermined, "image") + " could not be determined.");
        }
        if (notChecked > 0) {
            sentences.add(several(notChecked, "image")
                    + " not checked: their pods run on none of these platforms, or no registry is needed.");
        }
        return sentences;
    }

    private String sentence(PlatformGap gap) {
        boolean one = gap.images() == 1;
        Requests all = requests();
        String cpu = requestsKnown ? percent(gap.requests().milliCpu(), all.milliCpu()) : "";
        String memory = requestsKnown ? percent(gap.requests().bytes(), all.bytes()) : "";
        List<String> shares = new ArrayList<>();
        if (!cpu.isEmpty()) {
            shares.add(cpu + " of requested CPU");
        }
        if (!memory.isEmpty()) {
            shares.add(memory + " of requested memory");
        }
        String take = shares.isEmpty()
                ? (one ? "it is used" : "they are used")
                : (one ? "it takes " : "they take ") + String.join(" and ", shares) + ",";
        return gap.images() + " of " + several(images(), "image") + (one ? " keeps " : " keep ") + gap.platform()
                + " out; " + take + " in " + several(gap.namespaces(), "namespace") + ".";
    }

    private static String several(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
