/** Image references and digests (distribution/reference): parsing, no I/O. */
package dev.stowage.image;
