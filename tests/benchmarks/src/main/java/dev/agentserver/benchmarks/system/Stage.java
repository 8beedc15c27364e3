package dev.agentserver.benchmarks.system;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import dev.agentserver.benchmarks.measure.Processes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Everything that runs while it is measured, and on what.
///
/// @param work where logs and what is installed go
/// @param peers by name
public record Stage(
    Path work,
    AgentServer server,
    Account account,
    Map<String, String> caller,
    Map<String, Peer> peers)
    implements AutoCloseable {
  /// How many messages are in a conversation that is read.
  public static final int MESSAGES = 100;

  /// Starts the server, makes the conversations, and starts the peers on the same tables.
  ///
  /// @param module the directory of this module
  public static Stage open(Path module, int conversations, List<String> peers) {
    var work = module.resolve("target").toAbsolutePath().normalize();
    var server = AgentServer.start(work.resolve("servers"));
    try {
      var account = new Account(server);
      account.create(Ids.WRITTEN, conversations, 0);
      account.create(Ids.READ, conversations, MESSAGES);
      var caller =
          Map.of(
              "TENANT", server.postgres().ask("select tenant_id from conversation limit 1"),
              "MEMBER", server.postgres().ask("select owner_id from conversation limit 1"));
      var started =
          peers.parallelStream()
              .map(
                  peer ->
                      Peer.start(module.resolve("peers"), work, peer, server.postgres(), caller))
              .collect(toMap(Peer::name, identity()));
      return new Stage(work, server, account, caller, started);
    } catch (RuntimeException failure) {
      server.close();
      throw failure;
    }
  }

  /// The processes that answer when Agent Server is called.
  public Processes ours() {
    return processes(List.of(server.child().pid()));
  }

  /// The processes that answer when a peer is called.
  public Processes of(Peer peer) {
    return processes(List.of(peer.child().pid()));
  }

  /// Those that answer, and another one of ours.
  public Processes with(Child replica) {
    return processes(List.of(server.child().pid(), replica.pid()));
  }

  /// PostgreSQL alone.
  public Processes floor() {
    return processes(List.of());
  }

  private Processes processes(List<Long> servers) {
    return new Processes(servers, server.postgres().postmaster());
  }

  /// The tenant of the conversations.
  public UUID tenant() {
    return UUID.fromString(caller.get("TENANT"));
  }

  /// Who owns the conversations.
  public UUID member() {
    return UUID.fromString(caller.get("MEMBER"));
  }

  /// What a script of pgbench is told.
  ///
  /// @param first the kind of conversations, of which `count` are there
  public Map<String, Object> variables(int first, int count) {
    return Map.of(
        "tenant",
        caller.get("TENANT"),
        "member",
        caller.get("MEMBER"),
        "prefix",
        Ids.PREFIX,
        "first",
        first,
        "conversations",
        count,
        "content",
        Ids.TEXT,
        "delta",
        Ids.DELTA);
  }

  @Override
  public void close() {
    var all = new ArrayList<AutoCloseable>(peers.values());
    all.add(account);
    all.add(server);
    for (var each : all) {
      try {
        each.close();
      } catch (Exception failure) {
        System.err.println("not closed: " + failure);
      }
    }
  }
}
