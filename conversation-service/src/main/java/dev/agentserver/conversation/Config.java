package dev.agentserver.conversation;

import dev.agentserver.kit.config.AccessConfig;
import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.Safety;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.config.ServiceSafety;
import dev.agentserver.kit.eventlog.EventLogLimits;
import java.time.Duration;

/// What the process is told from outside.
///
/// @param agentRunTarget the gRPC target of agent-run-service
/// @param fileTarget the gRPC target of file-service; empty: there is none
/// @param writerLease how long the writer of a message counts as alive after it was heard of
/// @param events how the event log is read, and how processes tell each other of it
/// @param live what can be changed while the process runs
public record Config(
    ServerConfig server,
    DatabaseConfig database,
    AccessConfig access,
    EventLogLimits events,
    LiveSettings live,
    String agentRunTarget,
    String fileTarget,
    Duration writerLease) {
  /// The service's name in logs, metrics and as a consumer of other services' facts.
  public static final String NAME = "conversation-service";

  /// The schema it owns.
  public static final String SCHEMA = "conversation";

  private static final int DEFAULT_PORT = 9101;

  /// Reads the environment; docs/operations.md lists the variables.
  public static Config from(Environment environment) {
    Safety.require(
        environment, ServiceSafety::server, ServiceSafety::access, ServiceSafety.database(SCHEMA));
    return new Config(
        ServerConfig.from(environment, NAME, DEFAULT_PORT),
        DatabaseConfig.from(environment, SCHEMA),
        AccessConfig.from(environment),
        events(environment),
        LiveSettings.from(environment),
        environment.text("AGENT_RUN_TARGET", "static:127.0.0.1:9104"),
        fileTarget(environment),
        environment.duration("WRITER_LEASE", Duration.ofMinutes(1)));
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
