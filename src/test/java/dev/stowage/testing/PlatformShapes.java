package dev.stowage.testing;

import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.Platform;
import java.util.List;

/** Platforms: their names, variants, and operating systems other than Linux. */
final class PlatformShapes extends ShapeTable {

    PlatformShapes() {
        names();
        variants();
        otherSystems();
    }

    private void names() {
        String byRuntime = "amd64,old:amd64 R | crio:amd64 X PlatformMissing";
        claimed(38, "architecture x86_64", AMD64, linux("x86_64"), byRuntime + " | arm64 X PlatformMissing");
        claimed(
                38,
                "architecture aarch64",
                ARM64,
                linux("aarch64"),
                "arm64,old:arm64 R | crio:arm64 X PlatformMissing");
        claimed(39, "os Linux", AMD64, Platform.of("Linux", "amd64"), byRuntime);
        claimed(
                40,
                "architecture ARM64, variant V8",
                ARM64,
                Platform.of("linux", "ARM64", "V8"),
                "arm64,old:arm64 R | crio:arm64 X PlatformMissing");
        claimed(41, "os empty", AMD64, Platform.of("", "amd64"), byRuntime);
        claimed(42, "architecture empty", AMD64, linux(""), ALL + " X UnknownPlatform");
        claimed(43, "os linux, architecture unknown", AMD64, linux("unknown"), ALL + " X UnknownPlatform");
        claimed(45, "amd64/v1 only", AMD64, Platform.of("linux", "amd64", "v1"), byRuntime);
    }

    private void variants() {
        own(44, "386 only", linux("386"), "amd64 X NotFetched | old:amd64 R + | crio:amd64 X PlatformMissing");
        own(46, "amd64/v2 only", variant("amd64", "v2"), "amd64,old:amd64,crio:amd64 X PlatformMissing");
        own(46, "amd64/v3 only", variant("amd64", "v3"), "amd64,old:amd64,crio:amd64 X PlatformMissing");
        index(
                47,
                "amd64 + amd64/v3",
                "amd64,old:amd64,crio:amd64 R",
                images -> entries(images.image(AMD64), images.image(variant("amd64", "v3"))));
        own(
                48,
                "arm/v6 only",
                variant("arm", "v6"),
                "arm/v7 X NotFetched | old:arm/v7 R + | crio:arm/v7 R | old:arm/v5 X PlatformMissing");
        own(49, "arm/v6 only, on arm/v5", variant("arm", "v6"), "arm/v5,old:arm/v5,crio:arm/v5 X PlatformMissing");
        own(
                50,
                "arm/v7 only, on arm/v6",
                variant("arm", "v7"),
                "arm/v6,old:arm/v6,crio:arm/v6 X PlatformMissing | arm/v7 R");
        own(
                51,
                "arm/v7 only, on arm64",
                variant("arm", "v7"),
                "arm64 X NotFetched | old:arm64 R + | crio:arm64 X PlatformMissing");
        own(
                52,
                "arm without variant",
                linux("arm"),
                "arm/v7,old:arm/v7,crio:arm/v7 R | arm64 X NotFetched | old:arm64 R + | crio:arm64 X PlatformMissing");
        own(
                53,
                "arm without variant, on v6 and v5",
                linux("arm"),
                "arm/v6,arm/v5,old:arm/v6 X PlatformMissing | crio:arm/v6,crio:arm/v5 R");
        claimed(
                54,
                "architecture armhf",
                variant("arm", "v7"),
                linux("armhf"),
                "arm/v7,old:arm/v7 R | crio:arm/v7 X PlatformMissing | arm64 X NotFetched | old:arm64 R +");
        claimed(
                54,
                "arm, variant 7",
                variant("arm", "v7"),
                variant("arm", "7"),
                "arm/v7,old:arm/v7 R | crio:arm/v7 X PlatformMissing | arm64 X NotFetched");
        own(
                55,
                "arm/v8 only",
                variant("arm", "v8"),
                "arm/v7,old:arm/v7,crio:arm/v7 X PlatformMissing | arm64 X NotFetched | old:arm64 R +");
        own(56, "arm64/v8 only", variant("arm64", "v8"), "arm64,old:arm64,crio:arm64 R | amd64 X PlatformMissing");
        own(57, "arm64/v9 only", variant("arm64", "v9"), "arm64,old:arm64,crio:arm64 X PlatformMissing");
        own(
                58,
                "riscv64/rva20u64 only",
                variant("riscv64", "rva20u64"),
                "riscv64,old:riscv64,crio:riscv64 X PlatformMissing");
        own(
                58,
                "ppc64le/power9 only",
                variant("ppc64le", "power9"),
                "ppc64le,old:ppc64le,crio:ppc64le X PlatformMissing");
    }

    private void otherSystems() {
        own(
                59,
                "linux/amd64 with os.version",
                new Platform("linux", "amd64", "", "5.15", List.of()),
                "amd64,old:amd64,crio:amd64 R");
        own(
                60,
                "linux/amd64 with os.features",
                new Platform("linux", "amd64", "", "", List.of("sse4")),
                "amd64 X PlatformMissing | old:amd64,crio:amd64 R +");
        own(
                61,
                "windows 10.0.17763 only",
                windows("10.0.17763.1"),
                "windows-17763 R | windows-20348 X PlatformMissing");
        index(
                62,
                "windows 17763, 20348 twice, 26100",
                "windows-20348,windows-26100 R",
                images -> entries(
                        images.image(windows("10.0.17763.1")),
                        images.image(windows("10.0.20348.1")),
                        images.image(windows("10.0.20348.2")),
                        images.image(windows("10.0.26100.1"))));
        own(63, "windows without os.version", windows(""), "windows-17763,windows-? R +");
        own(64, "windows/amd64 only", windows("10.0.20348.1"), "amd64,old:amd64,crio:amd64,arm64 X PlatformMissing");
        index(
                65,
                "windows/amd64 + linux/arm64",
                "arm64,old:arm64,crio:arm64 R | amd64 X PlatformMissing",
                images -> entries(images.image(windows("10.0.20348.1")), images.image(ARM64)));
        index(
                66,
                "wasi/wasm + amd64",
                "amd64,old:amd64,crio:amd64 R | arm64 X PlatformMissing",
                images -> entries(images.image(Platform.of("wasi", "wasm")), images.image(AMD64)));
        single(67, "single wasm image", Platform.of("wasi", "wasm"), ALL + " X NotAnImage");
        add(67, "single wasm module with its own config type", ALL + " X NotAnImage", images -> {
            Descriptor config =
                    images.blob(MediaTypes.WASM_CONFIG, bytes("{\"architecture\":\"wasm\",\"os\":\"wasip1\"}"));
            images.manifest("t", MediaTypes.OCI_MANIFEST, config, List.of(images.blob("application/wasm", bytes("w"))));
            return ":t";
        });
    }
}
