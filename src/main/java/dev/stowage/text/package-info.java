/** Text for people: lists in words; patterns over text. */
package dev.stowage.text;
