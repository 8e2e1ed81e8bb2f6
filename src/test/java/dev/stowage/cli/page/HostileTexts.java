package dev.stowage.cli.page;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Texts of registries and tenants that try to be markup or script. Each sets {@code window.hacked} if it gets its way. */
final class HostileTexts {

    static final List<String> ALL = List.of(
            "</script><script>window.hacked=1</script>",
            "<!--<script>window.hacked=2</script>",
            "--></noscript><script>window.hacked=3</script>",
            "<img src=x onerror=\"window.hacked=4\">",
            "\"><svg onload=window.hacked=5>",
            "' onmouseover='window.hacked=6' x='",
            "javascript:window.hacked=7",
            "</style></title></textarea><script>window.hacked=8</script>",
            "\u2028window.hacked=9\u2029//",
            "\\\"];window.hacked=10;//",
            "{{data}}{{script}}${window.hacked=11}",
            "&lt;script&gt;window.hacked=12&lt;/script&gt;&#60;",
            "<iframe srcdoc='<script>parent.hacked=13</script>'></iframe>",
            "__proto__",
            "constructor",
            "\u0000\u0007\u001b[31m\ud800 \ufffe \ud83d\ude80 \u202egnp.exe",
            "<link rel=stylesheet href=https://attacker.example/x.css><base href=https://attacker.example/>");

    private HostileTexts() {}

    /** A page in which each of them is everything that it can be. */
    static PageData page() {
        List<PageRow> rows = new ArrayList<>();
        for (int i = 0; i < ALL.size(); i++) {
            String text = ALL.get(i);
            PageVerdict verdict = PageVerdict.values()[i % PageVerdict.values().length];
            List<PageCell> cells = ALL.stream()
                    .map(platform -> new PageCell(verdict, text, text + platform))
                    .toList();
            rows.add(new PageRow(
                    text,
                    text,
                    verdict,
                    text,
                    text,
                    text,
                    List.of(text),
                    cells,
                    List.of(new NamespaceUse(
                            text, 1, OptionalLong.of(Long.MAX_VALUE), OptionalLong.of(Long.MAX_VALUE))),
                    List.of(new PageWorkload(text, text)),
                    1));
        }
        String all = String.join(" ", ALL);
        return new PageData(all, all, all, Instant.EPOCH, all, all, ALL, rows);
    }
}
