package dev.agentserver.gateway;

import dev.agentserver.gateway.call.HttpUpstreams;
import dev.agentserver.gateway.filters.Origins;
import dev.agentserver.gateway.filters.TrustedProxies;
import dev.agentserver.gateway.guard.ConnectionLimits;
import dev.agentserver.gateway.limit.Limits;
import dev.agentserver.gateway.transcode.options.Mode;
import dev.agentserver.gateway.transcode.options.OptionsReader;
import dev.agentserver.gateway.transcode.options.TranscoderOptions;
import dev.agentserver.kit.config.AccessConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.LiveConfig;
import dev.agentserver.kit.config.LiveSetting;
import dev.agentserver.kit.config.Profile;
import dev.agentserver.kit.config.Safety;
import dev.agentserver.kit.config.ServiceSafety;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// How the gateway listens, whom it calls, and what it bounds.
///
/// @param port 0 takes a free one
/// @param adminPort the port of metrics and health; 0 takes a free one
/// @param upstreams package prefix to the gRPC target that serves it
/// @param httpUpstreams package prefix to the HTTP target that serves its HTTP doors
/// @param accessTarget the gRPC target of AccessService, which exchanges API keys
/// @param descriptorSet a file with the contracts; empty: those on the class path
/// @param origins the origins whose pages may call
/// @param maxBodyBytes the most bytes of a body, or of a message in a stream
/// @param maxHeaderBytes the most bytes of a request's header
/// @param defaultDeadline what a unary call gets that asks for no deadline
/// @param bodyTimeout how long a client may take to send a body
/// @param accessTimeout how long the exchange of a key may take
/// @param tokenCacheSize the most exchanged tokens kept
/// @param idleTimeout how long a connection may be kept that carries nothing
/// @param stall how long what goes through an HTTP door may carry nothing in either direction, and
/// an upload nothing to its method
/// @param openAfter how long a stream may be silent before its client is shown that it is open
/// @param heartbeat how long a stream of events may be silent before a comment keeps it alive
/// @param drainTimeout how long running requests may finish in when the process stops
/// @param transcoder how REST is transcoded
/// @param passTo the target of what is no route in mode envoy; empty: that of UPSTREAMS, where all
/// have the same
/// @param access how revocations are heard of
/// @param connections what connections may cost
/// @param maxDeadline the most that a client may ask for a unary call
/// @param replyTimeout how long a client may take to read the reply of a unary call
/// @param proxies whose word about the client's address is taken
/// @param live what can be changed while the process runs
/// @param limits how much each caller may do, of that
/// @param countedClients the most clients whose calls are counted at one time
public record GatewayConfig(
    String host,
    int port,
    int adminPort,
    Map<String, String> upstreams,
    Map<String, String> httpUpstreams,
    String accessTarget,
    Optional<Path> descriptorSet,
    Origins origins,
    int maxBodyBytes,
    int maxHeaderBytes,
    Duration defaultDeadline,
    Duration bodyTimeout,
    Duration accessTimeout,
    int tokenCacheSize,
    Duration idleTimeout,
    Duration stall,
    Duration openAfter,
    Duration heartbeat,
    Duration drainTimeout,
    TranscoderOptions transcoder,
    String passTo,
    AccessConfig access,
    ConnectionLimits connections,
    Duration maxDeadline,
    Duration replyTimeout,
    TrustedProxies proxies,
    LiveConfig live,
    LiveSetting<Limits> limits,
    int countedClients) {
  private static final int KIBIBYTE = 1024;
  private static final int MEBIBYTE = 1024 * KIBIBYTE;
  /// What settings-service takes for limits. That there are none can be said to the process only.
  private static final String LIMITS =
      """
      {"pattern": "^((calls|watches|streams)\\\\.(address|key|user|tenant)=[0-9]{1,9}(;|$))*$"}""";

  private static final String DEFAULT_UPSTREAMS =
      "agentserver.conversation.v1=static:127.0.0.1:9101;"
          + "agentserver.settings.v1=static:127.0.0.1:9102;"
          + "agentserver.file.v1=static:127.0.0.1:9103;"
          + "agentserver.agentrun.v1=static:127.0.0.1:9104;"
          + "flagd.evaluation=static:127.0.0.1:9102";
  private static final String DEFAULT_HTTP_UPSTREAMS =
      "agentserver.settings.v1=static:127.0.0.1:9112;agentserver.file.v1=static:127.0.0.1:9113";

  public GatewayConfig {
    upstreams = Map.copyOf(upstreams);
    httpUpstreams = Map.copyOf(httpUpstreams);
    if (heartbeat.isZero()) {
      throw new IllegalArgumentException("GATEWAY_HEARTBEAT is 0, allowed is what is longer");
    }
  }

  /// Reads HOST, PORT, ADMIN_PORT, UPSTREAMS, HTTP_UPSTREAMS, ACCESS_TARGET, DESCRIPTOR_SET,
  /// CORS_ORIGINS, MAX_BODY_BYTES, MAX_HEADER_BYTES, DEFAULT_DEADLINE, BODY_TIMEOUT,
  /// ACCESS_TIMEOUT, TOKEN_CACHE_SIZE, IDLE_TIMEOUT, HTTP_STALL, GATEWAY_OPEN_AFTER,
  /// GATEWAY_HEARTBEAT, DRAIN_TIMEOUT, GATEWAY_MODE, GATEWAY_TRANSCODER, GATEWAY_PASS_TO,
  /// MAX_DEADLINE, REPLY_TIMEOUT, TRUSTED_PROXIES, RATE_LIMITS and COUNTED_CLIENTS, what
  /// [ConnectionLimits] reads, and what every service reads of AccessService. The development
  /// profile listens on the loopback interface only and lets pages of this machine call.
  public static GatewayConfig from(Environment environment) {
    Safety.require(
        environment, ServiceSafety::process, ServiceSafety::access, GatewaySafety::judge);
    var isDev = Profile.from(environment) == Profile.DEV;
    var live = LiveConfig.of(environment);
    return new GatewayConfig(
        environment.text("HOST", isDev ? "127.0.0.1" : "0.0.0.0"),
        environment.integer("PORT", 8080, 0, 65_535),
        environment.integer("ADMIN_PORT", 8081, 0, 65_535),
        upstreams("UPSTREAMS", environment.text("UPSTREAMS", DEFAULT_UPSTREAMS)),
        upstreams("HTTP_UPSTREAMS", environment.text("HTTP_UPSTREAMS", httpUpstreams(environment))),
        environment.text("ACCESS_TARGET", "static:127.0.0.1:9102"),
        Optional.of(environment.text("DESCRIPTOR_SET", ""))
            .filter(file -> !file.isEmpty())
            .map(Path::of),
        new Origins(list(environment.text("CORS_ORIGINS", "")), isDev),
        environment.integer("MAX_BODY_BYTES", 8 * MEBIBYTE, KIBIBYTE, 256 * MEBIBYTE),
        environment.integer("MAX_HEADER_BYTES", 16 * KIBIBYTE, KIBIBYTE, 60 * KIBIBYTE),
        environment.duration("DEFAULT_DEADLINE", Duration.ofSeconds(30)),
        environment.duration("BODY_TIMEOUT", Duration.ofSeconds(30)),
        environment.duration("ACCESS_TIMEOUT", Duration.ofSeconds(5)),
        environment.integer("TOKEN_CACHE_SIZE", 10_000, 1, 10_000_000),
        environment.duration("IDLE_TIMEOUT", Duration.ofMinutes(5)),
        environment.duration("HTTP_STALL", Duration.ofMinutes(2)),
        environment.duration("GATEWAY_OPEN_AFTER", Duration.ofSeconds(1)),
        environment.duration("GATEWAY_HEARTBEAT", Duration.ofSeconds(15)),
        environment.duration("DRAIN_TIMEOUT", Duration.ofSeconds(20)),
        transcoder(environment),
        environment.text("GATEWAY_PASS_TO", ""),
        AccessConfig.from(environment),
        ConnectionLimits.from(environment),
        environment.duration("MAX_DEADLINE", Duration.ofMinutes(5)),
        environment.duration("REPLY_TIMEOUT", Duration.ofMinutes(2)),
        named("TRUSTED_PROXIES", environment, "", TrustedProxies::of),
        live,
        live.text(
            "gateway.rate_limits",
            "RATE_LIMITS",
            "",
            LIMITS,
            GatewayConfig::limits,
            "How much each caller may do, where it is not the default: calls.key=600;streams.user=20"),
        environment.integer("COUNTED_CLIENTS", 100_000, 100, 10_000_000));
  }

  /// What is wrong in a value is said with its name.
  private static <T> T named(
      String name, Environment environment, String fallback, Function<String, T> read) {
    try {
      return read.apply(environment.text(name, fallback));
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(name + ": " + wrong.getMessage(), wrong);
    }
  }

  private static Limits limits(String text) {
    return text.equals("none") ? Limits.NONE : Limits.DEFAULT.with(text);
  }

  /// Package prefix to target, of what is spoken to by HTTP itself: the HTTP doors and, in mode
  /// envoy, the services.
  Map<String, String> targetsOfHttp() {
    var targets = new LinkedHashMap<String, String>();
    httpUpstreams.forEach((prefix, target) -> targets.put(HttpUpstreams.ofDoor(prefix), target));
    if (!transcoder.isEnvoy()) {
      return targets;
    }
    targets.putAll(upstreams);
    var all = Set.copyOf(upstreams.values());
    if (!passTo.isEmpty() || all.size() == 1) {
      targets.put(HttpUpstreams.OF_THE_REST, passTo.isEmpty() ? all.iterator().next() : passTo);
    }
    return targets;
  }

  private static TranscoderOptions transcoder(Environment environment) {
    var mode =
        switch (environment.text("GATEWAY_MODE", "safe")) {
          case "safe" -> Mode.SAFE;
          case "envoy" -> Mode.ENVOY;
          case String other ->
              throw new IllegalArgumentException(
                  "GATEWAY_MODE is " + other + ", allowed is safe or envoy");
        };
    var file = environment.text("GATEWAY_TRANSCODER", "");
    try {
      return OptionsReader.read(mode, file.isEmpty() ? "" : Files.readString(Path.of(file)));
    } catch (IOException unreadable) {
      throw new UncheckedIOException("GATEWAY_TRANSCODER cannot be read", unreadable);
    }
  }

  /// Where the services are not the default ones, neither are their HTTP listeners.
  private static String httpUpstreams(Environment environment) {
    return environment.text("UPSTREAMS", "").isEmpty() ? DEFAULT_HTTP_UPSTREAMS : "";
  }

  /// `prefix=target;prefix=target`
  private static Map<String, String> upstreams(String name, String text) {
    var upstreams = new LinkedHashMap<String, String>();
    for (var entry : text.split(";")) {
      if (entry.isBlank()) {
        continue;
      }
      var parts = entry.strip().split("=", 2);
      if (parts.length != 2 || parts[0].isBlank() || parts[1].isBlank()) {
        throw new IllegalArgumentException(
            name
                + " has \""
                + entry
                + "\", allowed is package=target;package=target, for example "
                + DEFAULT_UPSTREAMS);
      }
      if (upstreams.put(parts[0].strip(), parts[1].strip()) != null) {
        throw new IllegalArgumentException(name + " names " + parts[0].strip() + " twice");
      }
    }
    return upstreams;
  }

  private static Set<String> list(String text) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(each -> !each.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}
