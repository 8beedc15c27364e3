/// A real PostgreSQL in a directory, started, watched and stopped by this process.
package dev.agentserver.allinone.postgres;
