package dev.agentserver.kit.config;

import java.time.Duration;

/// How a service reaches its schema. The owner role migrates; the runtime role serves and can do no
/// more than that.
///
/// @param url the JDBC URL, without credentials
/// @param poolSize the connections; about 8 serves thousands of calls a second
/// @param acquireTimeout how long a call may wait for a connection before it is refused
/// @param statementTimeout the longest any statement of the runtime role may run
public record DatabaseConfig(
    String url,
    String schema,
    String runtimeUser,
    Secret runtimePassword,
    String ownerUser,
    Secret ownerPassword,
    int poolSize,
    Duration acquireTimeout,
    Duration statementTimeout) {
  /// Reads DB_URL, DB_USER, DB_PASSWORD, DB_OWNER_USER, DB_OWNER_PASSWORD (each password also as
  /// `_FILE`), DB_POOL_SIZE, DB_ACQUIRE_TIMEOUT and DB_STATEMENT_TIMEOUT.
  public static DatabaseConfig from(Environment environment, String schema) {
    Safety.require(environment, ServiceSafety.database(schema));
    return new DatabaseConfig(
        environment.text("DB_URL", "jdbc:postgresql://127.0.0.1:5432/agentserver"),
        schema,
        environment.text("DB_USER", schema + "_runtime"),
        environment.secret("DB_PASSWORD", "agentserver"),
        environment.text("DB_OWNER_USER", schema + "_owner"),
        environment.secret("DB_OWNER_PASSWORD", "agentserver"),
        environment.integer("DB_POOL_SIZE", 8, 1, 1000),
        environment.duration("DB_ACQUIRE_TIMEOUT", Duration.ofSeconds(2)),
        environment.duration("DB_STATEMENT_TIMEOUT", Duration.ofSeconds(10)));
  }
}
