package dev.agentserver.kit.identity;

import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.settings.v1.BuiltInRole;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The roles every tenant has, and what each may do, as the contract states it.
public final class BuiltInRoles {
  public static final String TENANT_OWNER = "TENANT_OWNER";
  public static final String MEMBER = "MEMBER";
  public static final String SERVICE = "SERVICE";
  public static final String PLATFORM_ADMIN = "PLATFORM_ADMIN";

  private static final String PREFIX = "BUILT_IN_ROLE_";
  private static final Map<String, Set<String>> GRANTS = grants();

  private BuiltInRoles() {}

  private static Map<String, Set<String>> grants() {
    var grants = new LinkedHashMap<String, Set<String>>();
    for (var value : BuiltInRole.getDescriptor().getValues()) {
      if (value.getOptions().hasExtension(AnnotationsProto.grant)) {
        var grant = value.getOptions().getExtension(AnnotationsProto.grant);
        grants.put(
            value.getName().substring(PREFIX.length()), Set.copyOf(grant.getPermissionsList()));
      }
    }
    return Collections.unmodifiableMap(grants);
  }

  /// Every role with its permissions, in the order of the contract.
  public static Map<String, Set<String>> all() {
    return GRANTS;
  }

  /// The permissions of the role; empty when no built-in role has this name.
  public static Optional<Set<String>> permissions(String role) {
    return Optional.ofNullable(GRANTS.get(role));
  }
}
