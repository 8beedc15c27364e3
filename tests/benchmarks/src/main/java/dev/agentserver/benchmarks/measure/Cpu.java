package dev.agentserver.benchmarks.measure;

/// Processor time in seconds.
///
/// @param server of the servers that are called
/// @param postgres of PostgreSQL with everything it started
/// @param generator of the load generators: this process and its children that have ended
public record Cpu(double server, double postgres, double generator) {
  Cpu since(Cpu before) {
    return new Cpu(
        server - before.server, postgres - before.postgres, generator - before.generator);
  }
}
