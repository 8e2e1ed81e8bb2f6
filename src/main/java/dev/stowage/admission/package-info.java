/**
 * AdmissionReviews: reads the request, has the images assessed, applies the policy and writes the response. In memory
 * only; needs no cluster client.
 */
@NullMarked
package dev.stowage.admission;

import org.jspecify.annotations.NullMarked;
