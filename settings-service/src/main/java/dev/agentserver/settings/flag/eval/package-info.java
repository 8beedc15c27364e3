/// Evaluates flags from memory: what counts in an environment, kept up to date with the rows.
package dev.agentserver.settings.flag.eval;
