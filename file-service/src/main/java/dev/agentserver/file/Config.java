package dev.agentserver.file;

import dev.agentserver.file.file.FileLimits;
import dev.agentserver.file.scan.ScanConfig;
import dev.agentserver.kit.config.AccessConfig;
import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.Safety;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.config.ServiceSafety;
import java.time.Duration;

/// What the process is told from outside.
///
/// @param httpPort the port of what is spoken by HTTP; 0 takes a free one
/// @param conversationTarget the gRPC target of conversation-service
/// @param agentRunTarget the gRPC target of agent-run-service
/// @param limits what may be uploaded
/// @param uploadLease how long an upload counts as alive after it was heard of
/// @param urlValidity how long presigned URLs of the object store are valid
/// @param stall how long an upload or a download may carry nothing
/// @param scan who looks for malware in what is uploaded
public record Config(
    ServerConfig server,
    int httpPort,
    DatabaseConfig database,
    AccessConfig access,
    LiveSettings live,
    String conversationTarget,
    String agentRunTarget,
    FileLimits limits,
    Duration uploadLease,
    Duration urlValidity,
    Duration stall,
    ScanConfig scan) {
  /// The service's name in logs, metrics and as a consumer of other services' facts.
  public static final String NAME = "file-service";

  /// The schema it owns.
  public static final String SCHEMA = "file";

  private static final int DEFAULT_PORT = 9103;
  private static final int ABOVE = 10;

  /// Reads the environment; docs/operations.md lists the variables.
  public static Config from(Environment environment) {
    Safety.require(
        environment,
        ServiceSafety::server,
        ServiceSafety::access,
        ServiceSafety.database(SCHEMA),
        FileSafety::store);
    var server = ServerConfig.from(environment, NAME, DEFAULT_PORT);
    return new Config(
        server,
        environment.integer("HTTP_PORT", server.port() == 0 ? 0 : server.port() + ABOVE, 0, 65_535),
        DatabaseConfig.from(environment, SCHEMA),
        AccessConfig.from(environment),
        LiveSettings.from(environment),
        environment.text("CONVERSATION_TARGET", "static:127.0.0.1:9101"),
        environment.text("AGENT_RUN_TARGET", "static:127.0.0.1:9104"),
        FileLimits.from(environment),
        environment.duration("UPLOAD_LEASE", Duration.ofMinutes(15)),
        urlValidity(environment),
        environment.duration("HTTP_STALL", Duration.ofMinutes(2)),
        ScanConfig.from(environment));
  }

  /// Reads FILE_URL_VALIDITY. S3 signs for a week at most.
  static Duration urlValidity(Environment environment) {
    var validity = environment.duration("FILE_URL_VALIDITY", Duration.ofMinutes(15));
    if (validity.toSeconds() < 1 || validity.compareTo(Duration.ofDays(7)) > 0) {
      throw new IllegalArgumentException(
          "FILE_URL_VALIDITY is " + validity + ", allowed is 1s to 7d");
    }
    return validity;
  }
}
