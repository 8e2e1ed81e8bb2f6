/** Image references and digests (distribution/reference): parsing, no I/O. */
@NullMarked
package dev.stowage.image;

import org.jspecify.annotations.NullMarked;
