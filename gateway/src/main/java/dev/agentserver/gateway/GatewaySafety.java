package dev.agentserver.gateway;

import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.Safety;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Pattern;

/// What the gateway may not be told in production.
final class GatewaySafety {
  private static final int MEBIBYTE = 1024 * 1024;
  private static final Pattern SECURE = Pattern.compile("https://[^/*\\s]+");

  private GatewaySafety() {}

  static void judge(Environment environment, Safety safety) {
    safety.refuse(
        () ->
            Arrays.stream(environment.text("CORS_ORIGINS", "").split(","))
                .map(String::strip)
                .anyMatch(origin -> !origin.isEmpty() && !SECURE.matcher(origin).matches()),
        "CORS_ORIGINS has one that is not https: whoever is on the way could write its pages");
    safety.noMoreThan(
        "MAX_BODY_BYTES",
        8 * MEBIBYTE,
        64 * MEBIBYTE,
        "requests that run together would take all memory");
    safety.noLongerThan(
        "DEFAULT_DEADLINE",
        Duration.ofSeconds(30),
        Duration.ofMinutes(10),
        "calls would have no end");
    safety.noLongerThan(
        "BODY_TIMEOUT",
        Duration.ofSeconds(30),
        Duration.ofMinutes(5),
        "whoever sends slowly would hold the gateway up");
    safety.noLongerThan(
        "IDLE_TIMEOUT",
        Duration.ofMinutes(5),
        Duration.ofHours(1),
        "connections that carry nothing would stay");
    safety.noLongerThan(
        "HTTP_STALL",
        Duration.ofMinutes(2),
        Duration.ofMinutes(30),
        "whoever neither sends nor reads would hold the gateway up");
    safety.noLongerThan(
        "ACCESS_TIMEOUT", Duration.ofSeconds(5), Duration.ofMinutes(1), "calls would wait for it");
    safety.refuse(
        () -> environment.text("RATE_LIMITS", "").equals("none"),
        "RATE_LIMITS is none: one caller could take all there is");
    safety.refuse(
        () -> environment.text("TRUSTED_PROXIES", "").contains("/0"),
        "TRUSTED_PROXIES has everybody: every client could say it is another");
    safety.noLongerThan(
        "HEADER_TIMEOUT",
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        "whoever sends slowly would hold the gateway up");
    safety.noLongerThan(
        "REPLY_TIMEOUT",
        Duration.ofMinutes(2),
        Duration.ofMinutes(30),
        "whoever reads slowly would hold the gateway up");
    safety.noLongerThan(
        "MAX_DEADLINE", Duration.ofMinutes(5), Duration.ofHours(1), "calls would have no end");
    safety.noMoreThan("TOKEN_CACHE_SIZE", 10_000, 1_000_000, "it would be no limit");
  }
}
