package dev.agentserver.file;

import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.Safety;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/// What file-service may not be told in production.
final class FileSafety {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final int SECRET = 16;

  private FileSafety() {}

  static void store(Environment environment, Safety safety) {
    safety.refuse(
        () -> !isPrivate(environment.required("FILE_S3_ENDPOINT")),
        "FILE_S3_ENDPOINT is not https: whoever listens learns the files");
    safety.refuse(
        () -> !isPrivate(environment.text("FILE_S3_PUBLIC_ENDPOINT", "https://store")),
        "FILE_S3_PUBLIC_ENDPOINT is not https: whoever listens learns the files and their URLs");
    safety.secret("FILE_S3_SECRET_KEY", SECRET);
    safety.noLongerThan(
        "FILE_URL_VALIDITY",
        Duration.ofMinutes(15),
        Duration.ofDays(1),
        "who may not read a file any more would go on by its URL until then");
  }

  /// What stays on the machine needs no encryption.
  private static boolean isPrivate(String address) {
    var uri = URI.create(address.toLowerCase(Locale.ROOT));
    return "https".equals(uri.getScheme()) || LOOPBACK.contains(String.valueOf(uri.getHost()));
  }
}
