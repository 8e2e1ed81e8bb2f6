/** What follows from an assessment: placements, exemptions, modes and the decision. */
package dev.stowage.policy;
