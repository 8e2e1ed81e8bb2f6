/** Serving: what is made of the configuration, what has to be there before reviews are sent here, and what Quarkus' server is given. */
package dev.stowage.serve;
