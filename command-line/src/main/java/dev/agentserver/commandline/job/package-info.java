/// Work that takes long: what of it is done, how far it is, and what it found, in a directory.
package dev.agentserver.commandline.job;
