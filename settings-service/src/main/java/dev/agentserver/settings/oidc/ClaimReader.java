package dev.agentserver.settings.oidc;

import com.nimbusds.jwt.JWTClaimsSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds claims: by name, or, where the name begins with a slash, by the path into an object, as in
/// "/realm_access/roles".
final class ClaimReader {
  private final JWTClaimsSet claims;

  ClaimReader(JWTClaimsSet claims) {
    this.claims = claims;
  }

  /// A text that is not empty.
  Optional<String> text(String name) {
    return find(name) instanceof String text && !text.isBlank()
        ? Optional.of(text)
        : Optional.empty();
  }

  /// True only where it says so: some providers write it as a text.
  boolean isTrue(String name) {
    return switch (find(name)) {
      case Boolean value -> value;
      case String text -> text.equals("true");
      case null -> false;
      case Object _ -> false;
    };
  }

  /// A list of texts, or one that stands alone. What is no text is left out.
  List<String> texts(String name) {
    return switch (find(name)) {
      case String one -> List.of(one);
      case List<?> several ->
          several.stream().filter(String.class::isInstance).map(String.class::cast).toList();
      case null -> List.of();
      case Object _ -> List.of();
    };
  }

  private @Nullable Object find(String name) {
    if (!name.startsWith("/")) {
      return claims.getClaim(name);
    }
    Object found = claims.getClaims();
    for (var step : name.substring(1).split("/")) {
      found = found instanceof Map<?, ?> object ? object.get(step) : null;
    }
    return found;
  }
}
