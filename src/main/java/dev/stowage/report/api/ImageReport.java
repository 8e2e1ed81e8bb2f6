package dev.stowage.report.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * The report about one image in one namespace. The columns have the order of {@code kubectl get}; the CRD in {@code
 * k8s/crd-imagereports.yaml} is generated from this class and those of its fields.
 */
@Group(ImageReport.GROUP)
@Version(ImageReport.VERSION)
@ShortNames("imgr")
@Categories("stowage")
@AdditionalPrinterColumn(name = "IMAGE", type = Type.STRING, jsonPath = ".spec.image")
@AdditionalPrinterColumn(name = "VERDICT", type = Type.STRING, jsonPath = ".status.verdict")
@AdditionalPrinterColumn(name = "REASON", type = Type.STRING, jsonPath = ".status.reason")
@AdditionalPrinterColumn(name = "PLATFORMS", type = Type.STRING, jsonPath = ".status.summary.platforms")
@AdditionalPrinterColumn(name = "MISSING", type = Type.STRING, jsonPath = ".status.summary.missingPlatforms")
@AdditionalPrinterColumn(name = "USED BY", type = Type.STRING, jsonPath = ".status.summary.usedBy")
@AdditionalPrinterColumn(name = "AGE", type = Type.DATE, jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(name = "DIGEST", type = Type.STRING, jsonPath = ".status.digest", priority = 1)
@AdditionalPrinterColumn(
        name = "ATTESTATIONS",
        type = Type.INTEGER,
        jsonPath = ".status.attestationsTotal",
        priority = 1)
@AdditionalPrinterColumn(name = "STEERED", type = Type.STRING, jsonPath = ".status.summary.steered", priority = 1)
@AdditionalPrinterColumn(name = "CHECKED", type = Type.DATE, jsonPath = ".status.checkedTime", priority = 1)
public final class ImageReport extends CustomResource<ImageReportSpec, ImageReportStatus> implements Namespaced {

    /** The API group. */
    public static final String GROUP = "stowage.dev";

    /** The only version so far. */
    public static final String VERSION = "v1alpha1";

    /** The name of the resource definition. */
    public static final String CRD_NAME = "imagereports." + GROUP;

    /** The label of reports that Stowage created and may delete; it never deletes those that users create. */
    public static final String MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";

    /** The value of {@link #MANAGED_BY_LABEL}. */
    public static final String MANAGED_BY = "stowage";

    private static final long serialVersionUID = 1L;

    /** Whether Stowage created this report. */
    public boolean managed() {
        return getMetadata().getLabels() != null
                && MANAGED_BY.equals(getMetadata().getLabels().get(MANAGED_BY_LABEL));
    }

    /** A record cannot be filled later. */
    @Override
    protected ImageReportSpec initSpec() {
        return null;
    }

    @Override
    protected ImageReportStatus initStatus() {
        return null;
    }
}
