package dev.agentserver.benchmarks.row;

import dev.agentserver.benchmarks.measure.Finding;
import dev.agentserver.benchmarks.measure.Measured;
import java.util.List;

/// One operation: its columns, and what follows from comparing them.
///
/// @param remarks what was not measured and why, and what else a reader must know
public record Section(
    String title, List<Measured> columns, List<Finding> findings, List<String> remarks) {}
