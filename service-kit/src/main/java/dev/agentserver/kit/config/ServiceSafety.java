package dev.agentserver.kit.config;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/// What no service may be told in production.
public final class ServiceSafety {
  private static final Pattern HOST = Pattern.compile("^jdbc:postgresql://([^/?]*)");
  private static final Pattern LOOPBACK =
      Pattern.compile("(localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1])(:\\d+)?");
  private static final Pattern TALKATIVE = Pattern.compile("(?i)debug|trace|all");
  private static final int PASSWORD = 16;
  private static final int MEBIBYTE = 1024 * 1024;

  private ServiceSafety() {}

  /// Of every process: how it logs.
  public static void process(Environment environment, Safety safety) {
    safety.refuse(
        () -> TALKATIVE.matcher(environment.text("LOG_LEVEL", "INFO")).matches(),
        "LOG_LEVEL is below INFO: the libraries below would log headers, and credentials in them");
  }

  /// Of a process that serves gRPC.
  public static void server(Environment environment, Safety safety) {
    process(environment, safety);
    safety.noLongerThan(
        "DEFAULT_DEADLINE",
        Duration.ofSeconds(30),
        Duration.ofMinutes(10),
        "calls would have no end");
    safety.noLongerThan(
        "MAX_DEADLINE", Duration.ofMinutes(5), Duration.ofHours(1), "calls would have no end");
    safety.noLongerThan(
        "STREAM_HEARTBEAT",
        Duration.ofSeconds(15),
        Duration.ofMinutes(1),
        "who was revoked would go on reading until then");
    safety.noLongerThan(
        "STREAM_TOKEN_GRACE",
        Duration.ofHours(1),
        Duration.ofHours(1),
        "streams would outlive their tokens for longer");
    safety.noLongerThan(
        "STREAM_STALL",
        Duration.ofMinutes(30),
        Duration.ofHours(2),
        "clients that are gone would hold their streams until then");
    safety.noMoreThan(
        "MAX_INBOUND_MESSAGE_BYTES",
        8 * MEBIBYTE,
        64 * MEBIBYTE,
        "calls that run together would take all memory");
    safety.noMoreThan("MAX_CONCURRENT_CALLS", 256, 10_000, "it would be no limit");
    safety.noMoreThan("MAX_OPEN_STREAMS", 10_000, 100_000, "it would be no limit");
  }

  /// Of a process that asks settings-service who calls.
  public static void access(Environment environment, Safety safety) {
    safety.refuse(
        () -> environment.secretIfSet("SERVICE_CREDENTIAL").isEmpty(),
        "SERVICE_CREDENTIAL is not set: what is revoked would be taken until it expires");
    safety.noLongerThan(
        "JWKS_TTL",
        Duration.ofMinutes(5),
        Duration.ofHours(1),
        "a new key signs an hour after it is published");
    safety.noLongerThan(
        "JWKS_OUTAGE",
        Duration.ofHours(4),
        Duration.ofDays(1),
        "a key that was withdrawn would be taken until then");
    safety.noLongerThan(
        "JWKS_TIMEOUT", Duration.ofSeconds(5), Duration.ofMinutes(1), "calls would wait for it");
  }

  /// Of a process with a database.
  public static Safety.Rule database(String schema) {
    return (environment, safety) -> {
      connection("DB_URL", environment, safety);
      safety.secret("DB_PASSWORD", PASSWORD);
      safety.secret("DB_OWNER_PASSWORD", PASSWORD);
      safety.different("DB_PASSWORD", "DB_OWNER_PASSWORD");
      safety.refuse(
          () ->
              environment
                  .text("DB_USER", schema + "_runtime")
                  .equals(environment.text("DB_OWNER_USER", schema + "_owner")),
          "DB_USER and DB_OWNER_USER are the same: whoever serves could change the audit trail");
      safety.noLongerThan(
          "DB_STATEMENT_TIMEOUT",
          Duration.ofSeconds(10),
          Duration.ofMinutes(5),
          "statements would have no end");
      safety.noLongerThan(
          "DB_ACQUIRE_TIMEOUT",
          Duration.ofSeconds(2),
          Duration.ofSeconds(30),
          "calls would pile up before the pool");
    };
  }

  /// Of a command that makes database roles.
  public static void administrator(Environment environment, Safety safety) {
    connection("DB_ADMIN_URL", environment, safety);
  }

  /// Weaker modes than verify-full encrypt to whoever answers. A connection that never leaves the
  /// machine needs none: that of a socket file, or of the loopback interface behind which a cloud's
  /// own proxy listens.
  private static void connection(String name, Environment environment, Safety safety) {
    var url = environment.text(name, "").toLowerCase(Locale.ROOT);
    safety.refuse(
        () -> url.isEmpty(), name + " is not set: the default is a database on this machine");
    safety.refuse(
        () ->
            !url.isEmpty()
                && !url.contains("sslmode=verify-full")
                && !url.contains("socketfactory=")
                && !loopback(url),
        name + " reaches PostgreSQL over a network without sslmode=verify-full");
    safety.refuse(
        () -> url.contains("nonvalidatingfactory"), name + " does not verify certificates");
    safety.refuse(
        () -> url.contains("password="),
        name + " has a password in it, where logs and process lists show it");
  }

  private static boolean loopback(String url) {
    var host = HOST.matcher(url);
    return host.find() && LOOPBACK.matcher(host.group(1)).matches();
  }
}
