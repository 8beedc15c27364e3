package dev.agentserver.gateway.call;

import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpHeadersBuilder;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.kit.identity.IdentityHeaders;
import io.grpc.InternalMetadata;
import io.grpc.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.function.Predicate;

/// HTTP headers to gRPC metadata, and back. What belongs to one hop stays behind: a service that
/// got the `te` or the `grpc-encoding` of a client would reset the stream. So does what a client
/// says of its own identity: who calls is in the token and nowhere else.
public final class HeaderMetadata {
  private static final Set<String> HOP =
      Set.of(
          "connection",
          "content-length",
          "content-type",
          "expect",
          "host",
          "http2-settings",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "user-agent");

  /// What browsers add for themselves, and what the gateway itself answers to.
  private static final Set<String> OURS =
      Set.of(
          "accept",
          "accept-charset",
          "accept-encoding",
          "authorization",
          "cache-control",
          "cookie",
          "dnt",
          "forwarded",
          "idempotency-key",
          "if-match",
          "if-modified-since",
          "if-none-match",
          "if-unmodified-since",
          "last-event-id",
          "origin",
          "pragma",
          "priority",
          "range",
          "referer",
          "upgrade-insecure-requests",
          "x-api-key",
          "x-forwarded-for",
          "x-grpc-web",
          "x-request-id",
          "x-server-timeout",
          "x-user-agent");

  private static final Set<String> PREFIXES = Set.of(":", "access-control-", "grpc-", "sec-");

  private static final String BINARY = Metadata.BINARY_HEADER_SUFFIX;

  private HeaderMetadata() {}

  /// The metadata of a client's headers.
  public static Metadata of(HttpHeaders headers) {
    var metadata = new Metadata();
    headers.forEach(
        (name, value) -> {
          var key = name.toString();
          if (passesUp(key) && isKey(key)) {
            put(metadata, key, value);
          }
        });
    return metadata;
  }

  private static boolean passesUp(String key) {
    return !HOP.contains(key)
        && !OURS.contains(key)
        && !IdentityHeaders.has(key)
        && PREFIXES.stream().noneMatch(key::startsWith);
  }

  /// gRPC allows fewer letters than HTTP.
  private static boolean isKey(String key) {
    return !key.isEmpty()
        && key.chars()
            .allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "-_.".indexOf(c) >= 0);
  }

  private static void put(Metadata metadata, String key, String value) {
    if (key.endsWith(BINARY)) {
      var binary = Metadata.Key.of(key, Metadata.BINARY_BYTE_MARSHALLER);
      for (var each : value.split(",")) {
        try {
          metadata.put(binary, Base64.getDecoder().decode(each.strip()));
        } catch (IllegalArgumentException notBase64) {
          throw Fault.invalid(key, "is not base64");
        }
      }
    } else if (isPrintable(value)) {
      metadata.put(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER), value);
    }
  }

  private static boolean isPrintable(String value) {
    return value.chars().allMatch(c -> c >= ' ' && c < 127);
  }

  /// Adds a service's metadata to the headers or trailers for the client.
  public static void copy(Metadata metadata, HttpHeadersBuilder headers) {
    copy(metadata, headers, _ -> true);
  }

  /// The same, for those names only that the predicate takes.
  public static void copy(Metadata metadata, HttpHeadersBuilder headers, Predicate<String> wanted) {
    var serialized = InternalMetadata.serialize(metadata);
    for (int i = 0; i < serialized.length; i += 2) {
      var name = new String(serialized[i], StandardCharsets.US_ASCII);
      if (passesDown(name) && wanted.test(name)) {
        headers.add(name, down(name, serialized[i + 1]));
      }
    }
  }

  private static boolean passesDown(String name) {
    return !HOP.contains(name)
        && !name.startsWith(":")
        && !name.startsWith("grpc-")
        && !name.startsWith("access-control-")
        && !name.equals("x-request-id")
        && !name.equals("server")
        && !name.equals("date");
  }

  private static String down(String name, byte[] value) {
    return name.endsWith(BINARY)
        ? Base64.getEncoder().withoutPadding().encodeToString(value)
        : new String(value, StandardCharsets.US_ASCII);
  }
}
