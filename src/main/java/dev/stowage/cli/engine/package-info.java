/** The engine as commands use it: Docker credentials, proxies and the configuration file. */
package dev.stowage.cli.engine;
