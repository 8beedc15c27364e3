package dev.agentserver.kit.identity;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Tells tokens that say they are of another issuer from our own. Nothing is verified by that: it
/// only decides who is asked.
public final class ForeignToken {
  private static final String ISSUER = "\"iss\"";
  private static final String OURS = ISSUER + ":\"" + Claims.ISSUER + "\"";

  private ForeignToken() {}

  /// Called at every call, so nothing is parsed. What is no JWT is no foreign one either.
  public static boolean is(String credential) {
    var first = credential.indexOf('.');
    var second = credential.indexOf('.', first + 1);
    if (first < 0 || second < 0 || credential.indexOf('.', second + 1) >= 0) {
      return false;
    }
    try {
      var claims = Base64.getUrlDecoder().decode(credential.substring(first + 1, second));
      var text = new String(claims, StandardCharsets.ISO_8859_1);
      return text.contains(ISSUER) && !text.contains(OURS);
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }
}
