package dev.agentserver.kit.config;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

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
  private static final Pattern HOST = Pattern.compile("^jdbc:postgresql://([^/?]*)");
  private static final Pattern LOOPBACK =
      Pattern.compile("(localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1])(:\\d+)?");

  /// Reads DB_URL, DB_USER, DB_PASSWORD, DB_OWNER_USER, DB_OWNER_PASSWORD (each password also as
  /// `_FILE`), DB_POOL_SIZE, DB_ACQUIRE_TIMEOUT and DB_STATEMENT_TIMEOUT. The prod profile insists
  /// on passwords and on a verified connection.
  public static DatabaseConfig from(Environment environment, String schema) {
    var prod = Profile.from(environment) == Profile.PROD;
    var url = environment.text("DB_URL", "jdbc:postgresql://127.0.0.1:5432/agentserver");
    if (prod) {
      requireVerified(url);
    }
    return new DatabaseConfig(
        url,
        schema,
        environment.text("DB_USER", schema + "_runtime"),
        password(environment, "DB_PASSWORD", prod),
        environment.text("DB_OWNER_USER", schema + "_owner"),
        password(environment, "DB_OWNER_PASSWORD", prod),
        environment.integer("DB_POOL_SIZE", 8, 1, 1000),
        environment.duration("DB_ACQUIRE_TIMEOUT", Duration.ofSeconds(2)),
        environment.duration("DB_STATEMENT_TIMEOUT", Duration.ofSeconds(10)));
  }

  private static Secret password(Environment environment, String name, boolean prod) {
    return prod ? environment.secret(name) : environment.secret(name, "agentserver");
  }

  /// Weaker modes than verify-full encrypt to whoever answers. A connection that never leaves the
  /// machine needs none: that of a socket file, or of the loopback interface behind which a cloud's
  /// own proxy listens.
  private static void requireVerified(String url) {
    var lower = url.toLowerCase(Locale.ROOT);
    if (!lower.contains("sslmode=verify-full")
        && !lower.contains("socketfactory=")
        && !loopback(lower)) {
      throw new IllegalArgumentException(
          "DB_URL reaches PostgreSQL over a network without sslmode=verify-full, which AGENTSERVER_PROFILE=prod requires");
    }
  }

  private static boolean loopback(String url) {
    var host = HOST.matcher(url);
    return host.find() && LOOPBACK.matcher(host.group(1)).matches();
  }
}
