package dev.agentserver.agentrun;

import dev.agentserver.kit.config.AccessConfig;
import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.Safety;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.config.ServiceSafety;
import dev.agentserver.kit.eventlog.EventLogLimits;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What the process is told from outside.
///
/// @param events how the event log is read, and how processes tell each other of it
/// @param live what can be changed while the process runs
/// @param conversationTarget the gRPC target of conversation-service
/// @param fileTarget the gRPC target of file-service; empty: there is none
/// @param roots the directories of this machine that may be looked at; none: nothing
public record Config(
    ServerConfig server,
    DatabaseConfig database,
    AccessConfig access,
    EventLogLimits events,
    LiveSettings live,
    String conversationTarget,
    String fileTarget,
    List<Path> roots) {
  /// The service's name in logs, metrics and as a consumer of other services' facts.
  public static final String NAME = "agent-run-service";

  /// The schema it owns.
  public static final String SCHEMA = "agent_run";

  private static final int DEFAULT_PORT = 9104;
  private static final String ROOTS = "LOCAL_ROOTS";

  /// Reads the environment; docs/operations.md lists the variables.
  public static Config from(Environment environment) {
    Safety.require(
        environment,
        ServiceSafety::server,
        ServiceSafety::access,
        ServiceSafety.database(SCHEMA),
        Config::local);
    return new Config(
        ServerConfig.from(environment, NAME, DEFAULT_PORT),
        DatabaseConfig.from(environment, SCHEMA),
        AccessConfig.from(environment),
        events(environment),
        LiveSettings.from(environment),
        environment.text("CONVERSATION_TARGET", "static:127.0.0.1:9101"),
        fileTarget(environment),
        roots(environment));
  }

  /// Of a process that may look at its own disk.
  private static void local(Environment environment, Safety safety) {
    safety.refuse(
        () -> !environment.text(ROOTS, "").isEmpty(),
        ROOTS + " is set: callers would look at the disk of this machine");
  }

  private static List<Path> roots(Environment environment) {
    return Stream.of(environment.text(ROOTS, "").split(File.pathSeparator))
        .filter(text -> !text.isBlank())
        .map(text -> root(Path.of(text.strip())))
        .toList();
  }

  private static Path root(Path path) {
    try {
      if (path.isAbsolute() && Files.isDirectory(path)) {
        return path.toRealPath();
      }
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(
          ROOTS + " names " + path + ", which cannot be read", unreadable);
    }
    throw new IllegalArgumentException(
        ROOTS + " names " + path + ", which is not the absolute path of a directory");
  }

  private static String fileTarget(Environment environment) {
    var target = environment.text("FILE_TARGET", "static:127.0.0.1:9103");
    return target.equals("none") ? "" : target;
  }

  private static EventLogLimits events(Environment environment) {
    var limits = EventLogLimits.defaults();
    return environment.flag("EVENTS_DOORBELL", true) ? limits : limits.withoutDoorbell();
  }
}
