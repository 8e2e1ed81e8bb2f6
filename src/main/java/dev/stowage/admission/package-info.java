/**
 * AdmissionReviews: reads the request, has the images assessed, applies the policy and writes the response. In memory
 * only; needs no cluster client.
 */
package dev.stowage.admission;
