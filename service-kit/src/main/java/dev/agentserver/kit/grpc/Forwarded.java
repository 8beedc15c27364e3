package dev.agentserver.kit.grpc;

import io.grpc.Metadata;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a call came in from outside, as the proxies on its way say: `X-Forwarded-Proto`, `-Host`
/// and `-Prefix`. Clients can say so too, so it is good for telling them where they are and nothing
/// else.
public record Forwarded(@Nullable String host, @Nullable String proto, @Nullable String prefix) {
  private static final Metadata.Key<String> PROTO = key("x-forwarded-proto");
  private static final Metadata.Key<String> HOST = key("x-forwarded-host");
  private static final Metadata.Key<String> PREFIX = key("x-forwarded-prefix");

  private static final Pattern HOSTS =
      Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:\\d{1,5})?");
  private static final Pattern PREFIXES = Pattern.compile("(/[A-Za-z0-9._~-]{1,100}){1,10}");

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  /// The URL that the client of the call that is being handled sees before every path, without a
  /// slash at its end; empty where nobody says it.
  public static String baseUrl() {
    var scope = CallScope.KEY.get();
    return scope == null ? "" : scope.forwarded().url();
  }

  static Forwarded of(Metadata headers) {
    return new Forwarded(headers.get(HOST), headers.get(PROTO), headers.get(PREFIX));
  }

  private String url() {
    var name = first(host);
    if (!HOSTS.matcher(name).matches()) {
      return "";
    }
    var scheme = first(proto).toLowerCase(Locale.ROOT).equals("https") ? "https" : "http";
    var path = first(prefix);
    return scheme + "://" + name + (PREFIXES.matcher(path).matches() ? path : "");
  }

  /// Of several proxies the first was nearest to the client.
  private static String first(@Nullable String values) {
    if (values == null) {
      return "";
    }
    var comma = values.indexOf(',');
    return (comma < 0 ? values : values.substring(0, comma)).strip();
  }
}
