package dev.stowage.bench.soak;

import dev.stowage.bench.Plots;
import dev.stowage.soak.Growth;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** All samples of a soak: a file with them, a table, plots, and what has grown. A series ends when its replica is killed. */
final class Samples implements AutoCloseable {

    /** A process that has just started still compiles code, so that growth says nothing. */
    private static final double LEAST_MINUTES = 5;

    private static final int ROWS = 16;

    /**
     * What is measured of a process.
     *
     * @param chance by how much it may grow from the second quarter to the last, in addition to a fifth
     */
    private enum Measure {
        RESIDENT("resident MB", 16, Sample::resident),
        HEAP("heap MB", 24, Sample::heap),
        THREADS("threads", 8, Sample::threads),
        DESCRIPTORS("descriptors", 20, Sample::descriptors);

        private final String title;
        private final double chance;
        private final ToDoubleFunction<Sample> value;

        Measure(String title, double chance, ToDoubleFunction<Sample> value) {
            this.title = title;
            this.chance = chance;
            this.value = value;
        }

        double[] of(List<Sample> samples) {
            return samples.stream().mapToDouble(value).toArray();
        }
    }

    private final Map<String, List<Sample>> series = new LinkedHashMap<>();
    private final BufferedWriter file;

    /** @param file is overwritten */
    Samples(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        this.file = Files.newBufferedWriter(file);
        this.file.write(Sample.HEADER + "\n");
    }

    void add(Sample sample, long leaderChanges) throws IOException {
        file.write(sample.line(leaderChanges) + "\n");
        file.flush();
        if (sample.resident() > 0 && sample.heap() > 0) {
            series.computeIfAbsent(sample.replica() + ", start " + sample.start(), first -> new ArrayList<>())
                    .add(sample);
        }
    }

    /** What has grown, in words; a series that is too short for that says nothing. */
    List<String> growth() {
        List<String> grown = new ArrayList<>();
        series.forEach((name, samples) -> {
            if (minutes(samples) >= LEAST_MINUTES) {
                for (Measure measure : Measure.values()) {
                    Growth.of(name + ": " + measure.title, measure.of(samples), measure.chance)
                            .ifPresent(grown::add);
                }
            }
        });
        return grown;
    }

    private static double minutes(List<Sample> samples) {
        return samples.get(samples.size() - 1).minutes() - samples.get(0).minutes();
    }

    /** The table: the averages of the first and the last quarter of each series. */
    void printTable() {
        System.out.println("| replica | minutes | | first quarter | last quarter | ratio |");
        System.out.println("| --- | ---: | --- | ---: | ---: | ---: |");
        series.forEach((name, samples) -> {
            for (Measure measure : Measure.values()) {
                double[] values = measure.of(samples);
                double first = Growth.quarter(values, 1);
                double last = Growth.quarter(values, 4);
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %.1f | %s | %.0f | %.0f | %.2f |%n",
                        name,
                        minutes(samples),
                        measure.title,
                        first,
                        last,
                        last / first);
            }
        });
    }

    /** Resident memory, threads and descriptors over time, of each replica. */
    void printPlots() {
        for (Measure measure : List.of(Measure.RESIDENT, Measure.THREADS, Measure.DESCRIPTORS)) {
            double most = series.values().stream()
                    .flatMap(List::stream)
                    .mapToDouble(measure.value)
                    .max()
                    .orElse(1);
            series.forEach((name, samples) -> plot(measure, name, samples, most));
        }
    }

    private void plot(Measure measure, String name, List<Sample> samples, double most) {
        System.out.printf("%n%s of %s%n", measure.title, name);
        double longest =
                series.values().stream().mapToDouble(Samples::minutes).max().orElse(1);
        int rows = (int) Math.max(2, Math.min(samples.size(), Math.round(ROWS * minutes(samples) / longest)));
        for (int row = 0; row < rows; row++) {
            List<Sample> part = samples.subList(row * samples.size() / rows, (row + 1) * samples.size() / rows);
            if (!part.isEmpty()) {
                double value =
                        part.stream().mapToDouble(measure.value).average().orElse(0);
                System.out.printf(
                        Locale.ROOT, "%6.1f min  %s %6.0f%n", part.get(0).minutes(), Plots.bar(value, most), value);
            }
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
