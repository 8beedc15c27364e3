package dev.agentserver.gateway.transcode.response;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Set;

/// The Link header of a list (RFC 8288): the request's own URL with another page token, relative,
/// so that it holds behind any proxy.
final class NextPage {
  private static final Set<String> TOKEN = Set.of("page_token", "pageToken");

  private NextPage() {}

  static String link(String path, String query, String token) {
    var parameters = new ArrayList<String>();
    for (var entry : query.split("&")) {
      if (!entry.isEmpty() && !TOKEN.contains(entry.split("=", 2)[0])) {
        parameters.add(entry);
      }
    }
    parameters.add("page_token=" + URLEncoder.encode(token, StandardCharsets.UTF_8));
    return "<" + path + "?" + String.join("&", parameters) + ">; rel=\"next\"";
  }
}
