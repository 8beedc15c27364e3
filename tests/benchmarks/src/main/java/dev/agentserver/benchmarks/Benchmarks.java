package dev.agentserver.benchmarks;

import dev.agentserver.benchmarks.load.Client;
import dev.agentserver.benchmarks.row.Configuring;
import dev.agentserver.benchmarks.row.Deltas;
import dev.agentserver.benchmarks.row.Flags;
import dev.agentserver.benchmarks.row.Growth;
import dev.agentserver.benchmarks.row.Hop;
import dev.agentserver.benchmarks.row.Identity;
import dev.agentserver.benchmarks.row.Keeping;
import dev.agentserver.benchmarks.row.Latency;
import dev.agentserver.benchmarks.row.Messages;
import dev.agentserver.benchmarks.row.Paths;
import dev.agentserver.benchmarks.row.Replicas;
import dev.agentserver.benchmarks.row.Running;
import dev.agentserver.benchmarks.row.Search;
import dev.agentserver.benchmarks.row.Section;
import dev.agentserver.benchmarks.row.Tokens;
import dev.agentserver.benchmarks.row.Usage;
import dev.agentserver.benchmarks.row.Watching;
import dev.agentserver.benchmarks.system.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// All of them, one after the other on one stage.
final class Benchmarks {
  /// What the peers can do as well.
  private static final Set<String> OF_PEERS =
      Set.of("append", "list", "watch", "acquire", "events", "files");

  private final Map<String, Supplier<List<Section>>> all = new LinkedHashMap<>();

  private Benchmarks(Plan plan, Stage stage, Client client) {
    var messages = new Messages(plan, stage, client);
    add("append", messages::append);
    add("list", messages::list);
    add("latency", new Latency(plan, stage, client)::append);
    add("deltas", new Deltas(plan, stage)::append);
    add("watch", new Watching(plan, stage)::watch);
    var identity = new Identity(plan, stage, client);
    add("tokens", () -> new Tokens(plan, stage).check());
    add("exchange", identity::exchange);
    add("chain", identity::chain);
    add("replicas", new Replicas(plan, stage)::watch);
    var configuring = new Configuring(plan, stage, client);
    add("config", configuring::read);
    add("settings", configuring::watch);
    add("flags", new Flags(plan, stage, client)::evaluate);
    var running = new Running(plan, stage, client);
    add("acquire", running::acquire);
    add("events", running::report);
    add("runs", running::watch);
    var usage = new Usage(plan, stage, client);
    add("usage", usage::record);
    add("dashboard", usage::ask);
    add("search", new Search(plan, stage, client)::find);
    var paths = new Paths(plan, stage, client);
    add("page", paths::page);
    add("path", paths::path);
    all.put("growth", new Growth(plan, stage, client)::measure);
    all.put("files", new Keeping(plan, stage)::measure);
    all.put("hop", new Hop(plan, stage, client)::measure);
  }

  private void add(String name, Supplier<Section> benchmark) {
    all.put(name, () -> List.of(benchmark.get()));
  }

  /// @param module the directory of this module
  /// @param only which of them; empty: all
  /// @param peers which of the peers take part
  /// @param done hears of each as soon as it is there
  static List<Section> run(
      Path module, Plan plan, List<String> only, List<String> peers, Consumer<Section> done) {
    var sections = new ArrayList<Section>();
    var invited = only.isEmpty() || only.stream().anyMatch(OF_PEERS::contains);
    try (var stage = Stage.open(module, plan.conversations(), invited ? peers : List.of());
        var client = new Client()) {
      var benchmarks = new Benchmarks(plan, stage, client);
      benchmarks.all.forEach(
          (name, benchmark) -> {
            if (only.isEmpty() || only.contains(name)) {
              var measured = benchmark.get();
              measured.forEach(done);
              sections.addAll(measured);
            }
          });
    }
    return sections;
  }
}
