package dev.agentserver.benchmarks;

import dev.agentserver.benchmarks.load.Client;
import dev.agentserver.benchmarks.row.Deltas;
import dev.agentserver.benchmarks.row.Identity;
import dev.agentserver.benchmarks.row.Latency;
import dev.agentserver.benchmarks.row.Messages;
import dev.agentserver.benchmarks.row.Replicas;
import dev.agentserver.benchmarks.row.Section;
import dev.agentserver.benchmarks.row.Tokens;
import dev.agentserver.benchmarks.row.Watching;
import dev.agentserver.benchmarks.system.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// All of them, one after the other on one stage.
final class Benchmarks {
  private final Map<String, Supplier<Section>> all = new LinkedHashMap<>();

  private Benchmarks(Plan plan, Stage stage, Client client) {
    var messages = new Messages(plan, stage, client);
    all.put("append", messages::append);
    all.put("list", messages::list);
    all.put("latency", new Latency(plan, stage, client)::append);
    all.put("deltas", new Deltas(plan, stage)::append);
    all.put("watch", new Watching(plan, stage)::watch);
    var identity = new Identity(plan, stage, client);
    all.put("tokens", () -> new Tokens(plan, stage).check());
    all.put("exchange", identity::exchange);
    all.put("chain", identity::chain);
    all.put("replicas", new Replicas(plan, stage)::watch);
  }

  /// @param module the directory of this module
  /// @param only which of them; empty: all
  /// @param peers which of the peers take part
  /// @param done hears of each as soon as it is there
  static List<Section> run(
      Path module, Plan plan, List<String> only, List<String> peers, Consumer<Section> done) {
    var sections = new ArrayList<Section>();
    try (var stage = Stage.open(module, plan.conversations(), peers);
        var client = new Client()) {
      var benchmarks = new Benchmarks(plan, stage, client);
      benchmarks.all.forEach(
          (name, benchmark) -> {
            if (only.isEmpty() || only.contains(name)) {
              sections.add(benchmark.get());
              done.accept(sections.getLast());
            }
          });
    }
    return sections;
  }
}
