package dev.agentserver.benchmarks;

import dev.agentserver.benchmarks.load.Client;
import dev.agentserver.benchmarks.row.Messages;
import dev.agentserver.benchmarks.row.Section;
import dev.agentserver.benchmarks.system.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// All of them, one after the other on one stage.
final class Benchmarks {
  private Benchmarks() {}

  /// @param module the directory of this module
  /// @param peers which of the peers take part
  /// @param done hears of each as soon as it is there
  static List<Section> run(Path module, Plan plan, List<String> peers, Consumer<Section> done) {
    var sections = new ArrayList<Section>();
    try (var stage = Stage.open(module, plan.conversations(), peers);
        var client = new Client()) {
      var messages = new Messages(plan, stage, client);
      sections.add(messages.append());
      done.accept(sections.getLast());
      sections.add(messages.list());
      done.accept(sections.getLast());
    }
    return sections;
  }
}
