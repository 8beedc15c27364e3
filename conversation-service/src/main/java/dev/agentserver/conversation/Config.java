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
/// @param writerLease how long the writer of a message counts as alive after it was heard of
/// @param deltaRetention how long the pieces of a message can be had after its end
/// @param events how the event log is read, and how processes tell each other of it
/// @param trash how long deleted conversations can be brought back; zero: not at all
public record Config(
    ServerConfig server,
    DatabaseConfig database,
    AccessConfig access,
    EventLogLimits events,
    Duration trash,
    Duration writerLease,
    Duration deltaRetention) {
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
        Duration.ofDays(environment.integer("TRASH_DAYS", 30, 0, 3650)),
        environment.duration("WRITER_LEASE", Duration.ofMinutes(1)),
        environment.duration("DELTA_RETENTION", Duration.ofMinutes(10)));
  }

  private static EventLogLimits events(Environment environment) {
    var limits = EventLogLimits.defaults();
    return environment.flag("EVENTS_DOORBELL", true) ? limits : limits.withoutDoorbell();
  }
}
