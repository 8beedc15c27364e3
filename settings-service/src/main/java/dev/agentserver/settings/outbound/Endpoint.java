package dev.agentserver.settings.outbound;

import dev.agentserver.kit.problem.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/// Where an outside system answers by HTTP.
///
/// @param host in lower case; an IPv6 address without its brackets
/// @param target the path and the query
public record Endpoint(boolean secure, String host, int port, String target) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;
  private static final int MAX_PORT = 65_535;

  /// Empty where it is no http or https URL, or one with a user or a fragment.
  public static Optional<Endpoint> parse(String url) {
    try {
      var uri = new URI(url);
      var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      var host = uri.getHost();
      if (!(scheme.equals("http") || scheme.equals("https"))
          || host == null
          || host.contains("%")
          || uri.getRawUserInfo() != null
          || uri.getRawFragment() != null
          || uri.getPort() == 0
          || uri.getPort() > MAX_PORT) {
        return Optional.empty();
      }
      var secure = scheme.equals("https");
      var port = uri.getPort() < 0 ? (secure ? HTTPS : HTTP) : uri.getPort();
      var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
      var target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
      // In ASCII only, so that what is written to the wire is what was read.
      return target.chars().allMatch(each -> each > ' ' && each <= '~')
          ? Optional.of(new Endpoint(secure, bare(host), port, target))
          : Optional.empty();
    } catch (URISyntaxException notAUrl) {
      return Optional.empty();
    }
  }

  /// Fails with InvalidArgument where a URL is set and is none of these.
  public static void check(String url, String field) {
    if (!url.isEmpty() && parse(url).isEmpty()) {
      throw Problem.invalid(field, "must be an http or https URL without user and fragment");
    }
  }

  /// As the Host header has it.
  String authority() {
    var name = host.contains(":") ? "[" + host + "]" : host;
    return port == (secure ? HTTPS : HTTP) ? name : name + ":" + port;
  }

  private static String bare(String host) {
    var lower = host.toLowerCase(Locale.ROOT);
    var inner = lower.startsWith("[") ? lower.substring(1, lower.length() - 1) : lower;
    return inner.endsWith(".") ? inner.substring(0, inner.length() - 1) : inner;
  }
}
