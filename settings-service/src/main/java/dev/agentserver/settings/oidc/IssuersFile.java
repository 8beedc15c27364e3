package dev.agentserver.settings.oidc;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.util.JSONArrayUtils;
import dev.agentserver.kit.config.Profile;
import dev.agentserver.kit.identity.BuiltInRoles;
import dev.agentserver.settings.oidc.Issuer.ClaimNames;
import dev.agentserver.settings.oidc.Issuer.Roles;
import dev.agentserver.settings.oidc.Issuer.Tenants;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Reads the list of issuers; docs/operations.md describes it. Everything that can be known to be
/// wrong is said at the start, with the place in the file.
final class IssuersFile {
  /// Signatures only that need the provider's private key: never "none", and no HMAC, whose secret
  /// might be a public key.
  private static final Map<String, JWSAlgorithm> ALGORITHMS =
      List.of(
              JWSAlgorithm.RS256,
              JWSAlgorithm.RS384,
              JWSAlgorithm.RS512,
              JWSAlgorithm.PS256,
              JWSAlgorithm.PS384,
              JWSAlgorithm.PS512,
              JWSAlgorithm.ES256,
              JWSAlgorithm.ES384,
              JWSAlgorithm.ES512,
              JWSAlgorithm.EdDSA)
          .stream()
          .collect(Collectors.toUnmodifiableMap(JWSAlgorithm::getName, Function.identity()));

  private static final Set<String> NOT_FOR_USERS =
      Set.of(BuiltInRoles.SERVICE, BuiltInRoles.PLATFORM_ADMIN);
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final int LONGEST_ISSUER = 512;

  private final Profile profile;

  private IssuersFile(Profile profile) {
    this.profile = profile;
  }

  static List<Issuer> read(Path file, Profile profile) {
    try {
      return parse(Files.readString(file), profile);
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(
          "OIDC_ISSUERS_FILE names " + file + ", which cannot be read", unreadable);
    }
  }

  static List<Issuer> parse(String json, Profile profile) {
    var reader = new IssuersFile(profile);
    var issuers = new ArrayList<Issuer>();
    var ids = new HashSet<String>();
    for (var value : array(json)) {
      var fields = Fields.of("[" + issuers.size() + "]", value);
      var issuer = reader.issuer(fields);
      if (!ids.add(issuer.id())) {
        throw Fields.wrong(fields.at("issuer"), "is there twice");
      }
      issuers.add(issuer);
    }
    return List.copyOf(issuers);
  }

  private static List<Object> array(String json) {
    try {
      return JSONArrayUtils.parse(json);
    } catch (ParseException malformed) {
      throw new IllegalArgumentException(
          "OIDC_ISSUERS_FILE is not a JSON list: " + malformed.getMessage(), malformed);
    }
  }

  private Issuer issuer(Fields fields) {
    var uri = uri(fields);
    var loopback = "http".equals(uri.getScheme());
    var issuer =
        new Issuer(
            uri.toString(),
            Set.copyOf(required(fields, "audiences")),
            tenants(fields),
            claims(fields),
            roles(fields),
            domains(fields),
            algorithms(fields),
            loopback);
    fields.end();
    return issuer;
  }

  /// HTTPS, because whoever can change the keys on their way can sign in as anybody.
  private URI uri(Fields fields) {
    var place = fields.at("issuer");
    var text = fields.text("issuer");
    try {
      var uri = new URI(text);
      var scheme = uri.getScheme();
      if (uri.getHost() == null || text.length() > LONGEST_ISSUER) {
        throw Fields.wrong(place, "must be a URL of 512 characters at most");
      }
      if (uri.getRawQuery() != null || uri.getRawFragment() != null || uri.getUserInfo() != null) {
        throw Fields.wrong(place, "must have no query, no fragment and no user");
      }
      var mayBePlain = profile == Profile.DEV && LOOPBACK.contains(uri.getHost());
      if (!"https".equals(scheme) && !("http".equals(scheme) && mayBePlain)) {
        throw Fields.wrong(
            place, "must begin with https:// (http:// for loopback in development only)");
      }
      return uri;
    } catch (URISyntaxException malformed) {
      throw Fields.wrong(place, "is no URL: " + malformed.getMessage());
    }
  }

  private static List<String> required(Fields fields, String name) {
    var texts = fields.texts(name);
    if (texts.isEmpty()) {
      throw Fields.wrong(fields.at(name), "must name one at least");
    }
    return texts;
  }

  private static Tenants tenants(Fields fields) {
    var place = fields.at("tenant");
    return switch (fields.find("tenant").orElseThrow(() -> Fields.wrong(place, "is missing"))) {
      case String id -> new Tenants.One(uuid(place, id));
      case Object object -> {
        var mapping = Fields.of(place, object);
        var claim = mapping.text("claim");
        var byValue = new HashMap<String, UUID>();
        mapping
            .object("values")
            .ifPresent(
                values ->
                    values
                        .entries()
                        .forEach((value, id) -> byValue.put(value, uuid(values.at(value), id))));
        mapping.end();
        yield new Tenants.ByClaim(claim, Map.copyOf(byValue));
      }
    };
  }

  private static UUID uuid(String place, String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException malformed) {
      throw Fields.wrong(place, "must be the id of a tenant");
    }
  }

  private static ClaimNames claims(Fields fields) {
    var claims = fields.object("claims").orElseGet(() -> Fields.of("", Map.of()));
    var names =
        new ClaimNames(
            claims.textOr("subject", "sub"),
            claims.textOr("email", "email"),
            claims.textOr("email_verified", "email_verified"),
            claims.textOr("name", "name"));
    claims.end();
    return names;
  }

  /// Without rules everybody is a MEMBER. With rules who gets nothing by them is refused, unless
  /// there is a default.
  private static Roles roles(Fields fields) {
    var mapping = fields.object("roles");
    var fallback =
        fields.optionalText("default_role").orElse(mapping.isEmpty() ? BuiltInRoles.MEMBER : null);
    if (fallback != null) {
      requireForUsers(fields.at("default_role"), fallback);
    }
    if (mapping.isEmpty()) {
      return new Roles(fallback, null, Map.of());
    }
    var claim = mapping.get().text("claim");
    var values =
        mapping
            .get()
            .object("values")
            .orElseThrow(() -> Fields.wrong(mapping.get().at("values"), "is missing"));
    var byValue = values.entries();
    byValue.forEach((value, role) -> requireForUsers(values.at(value), role));
    mapping.get().end();
    return new Roles(fallback, claim, Map.copyOf(byValue));
  }

  private static void requireForUsers(String place, String role) {
    if (NOT_FOR_USERS.contains(role) || !role.matches("[A-Z][A-Z0-9_]{0,63}")) {
      throw Fields.wrong(place, "is \"" + role + "\", which is no role for users");
    }
  }

  private static Set<String> domains(Fields fields) {
    var domains = new LinkedHashSet<String>();
    for (var domain : fields.texts("allowed_domains")) {
      if (!domain.matches("[A-Za-z0-9.-]+")) {
        throw Fields.wrong(
            fields.at("allowed_domains"), "has \"" + domain + "\", which is no domain");
      }
      domains.add(domain.toLowerCase(Locale.ROOT));
    }
    return Set.copyOf(domains);
  }

  private static Set<JWSAlgorithm> algorithms(Fields fields) {
    var names =
        fields.find("algorithms").isEmpty() ? List.of("RS256") : required(fields, "algorithms");
    var algorithms = new HashSet<JWSAlgorithm>();
    for (var name : names) {
      var algorithm = ALGORITHMS.get(name);
      if (algorithm == null) {
        throw Fields.wrong(
            fields.at("algorithms"),
            "has \""
                + name
                + "\", allowed are "
                + String.join(", ", ALGORITHMS.keySet().stream().sorted().toList()));
      }
      algorithms.add(algorithm);
    }
    return Set.copyOf(algorithms);
  }
}
