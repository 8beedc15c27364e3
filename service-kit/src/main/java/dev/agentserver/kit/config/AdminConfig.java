package dev.agentserver.kit.config;

/// The database's administrator, whom a service needs once: to make its roles and its schema.
public record AdminConfig(String url, String user, Secret password) {
  /// Reads DB_ADMIN_URL, DB_ADMIN_USER and DB_ADMIN_PASSWORD (also as `_FILE`).
  public static AdminConfig from(Environment environment) {
    Safety.require(environment, ServiceSafety::administrator);
    return new AdminConfig(
        environment.required("DB_ADMIN_URL"),
        environment.required("DB_ADMIN_USER"),
        environment.secret("DB_ADMIN_PASSWORD"));
  }
}
