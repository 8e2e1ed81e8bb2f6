/** What follows from an assessment: placements, exemptions, modes and the decision. */
@NullMarked
package dev.stowage.policy;

import org.jspecify.annotations.NullMarked;
