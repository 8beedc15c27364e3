/// The data directory: who uses it, which version wrote it, and the private files in it.
package dev.agentserver.allinone.data;
