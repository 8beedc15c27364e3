package dev.agentserver.benchmarks.row;

import dev.agentserver.benchmarks.measure.Finding;
import dev.agentserver.benchmarks.measure.Measured;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// One operation: its columns, and what follows from comparing them.
public record Section(String title, List<Measured> columns, List<Finding> findings) {
  Section(String title, List<Measured> columns, Function<Section, List<Finding>> findings) {
    this(title, columns, findings.apply(new Section(title, columns, List.of())));
  }

  /// The column of that name, where it could be measured.
  public Optional<Measured> column(String name) {
    return columns.stream().filter(each -> each.column().name().equals(name)).findFirst();
  }
}
