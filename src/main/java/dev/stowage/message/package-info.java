/** Denials and warnings in words. */
package dev.stowage.message;
