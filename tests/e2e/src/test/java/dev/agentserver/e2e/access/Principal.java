package dev.agentserver.e2e.access;

import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.settings.v1.BuiltInRole;
import java.util.Optional;
import java.util.Set;

/// Everybody who may come along, seen from the conversation the call is about.
enum Principal {
  ANONYMOUS(0, Stance.NONE, ""),
  GARBAGE_TOKEN(0, Stance.NONE, ""),
  FORGED_TOKEN(0, Stance.NONE, ""),
  OTHER_TENANT_MEMBER(2, Stance.STRANGER, "MEMBER"),
  OTHER_TENANT_OWNER(2, Stance.STRANGER, "TENANT_OWNER"),
  STRANGER(1, Stance.STRANGER, "MEMBER"),
  STRANGER_WHO_ONLY_READS(1, Stance.STRANGER, "VIEWER"),
  WORKER(1, Stance.STRANGER, "WORKER"),
  TENANT_ADMIN(1, Stance.STRANGER, "ADMIN"),
  TENANT_OWNER(1, Stance.STRANGER, "TENANT_OWNER"),
  OWNER_WHO_ONLY_READS(1, Stance.OWNER, "VIEWER"),
  OWNER(1, Stance.OWNER, "MEMBER");

  private enum Stance {
    NONE,
    STRANGER,
    OWNER
  }

  private static final int HOME = 1;

  private final int tenant;
  private final Stance stance;
  private final String role;

  Principal(int tenant, Stance stance, String role) {
    this.tenant = tenant;
    this.stance = stance;
    this.role = role;
  }

  int tenant() {
    return tenant;
  }

  String role() {
    return role;
  }

  boolean isOwner() {
    return stance == Stance.OWNER;
  }

  boolean isSignedIn() {
    return tenant > 0;
  }

  /// How a valid call of the RPC must end for this principal: the gRPC code.
  Optional<Refusal> refusal(Rpc rpc) {
    var permission = rpc.policy().getPermission();
    if (permission.equals("public")) {
      return Optional.empty(); // whoever renews an expired token may send it along
    }
    if (!isSignedIn()) {
      return Optional.of(Refusal.UNAUTHENTICATED);
    }
    if (rpc.policy().getRunOnly()) {
      return Optional.of(Refusal.PERMISSION_DENIED);
    }
    if (permission.equals("authenticated")) {
      return Optional.empty();
    }
    var all = permissions().contains(permission + "_any");
    if (!all && !permissions().contains(permission)) {
      return Optional.of(Refusal.PERMISSION_DENIED);
    }
    if (!rpc.hasTarget() || tenant == HOME && (all || isOwner())) {
      return Optional.empty();
    }
    return Optional.of(Refusal.NOT_FOUND);
  }

  private Set<String> permissions() {
    var value = BuiltInRole.getDescriptor().findValueByName("BUILT_IN_ROLE_" + role);
    return Set.copyOf(value.getOptions().getExtension(AnnotationsProto.grant).getPermissionsList());
  }

  /// The refusals that access control makes, with their two status codes.
  enum Refusal {
    UNAUTHENTICATED(16, 401),
    PERMISSION_DENIED(7, 403),
    NOT_FOUND(5, 404);

    final int code;
    final int http;

    Refusal(int code, int http) {
      this.code = code;
      this.http = http;
    }
  }
}
