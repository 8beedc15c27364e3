package dev.agentserver.kit.grpc;

import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.common.v1.Policy;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import org.jspecify.annotations.Nullable;

/// Who may call one method, read from its contract at the start. Whatever is not allowed is
/// refused.
///
/// @param permission "public", "authenticated" or the permission needed
/// @param internal whether only the services of the system may call it
/// @param runs whether the token of a run may call the method
/// @param onlyRuns whether nothing else may
/// @param waits whether a call may wait until something happens, and is counted as a stream
record MethodPolicy(
    String permission, boolean internal, boolean runs, boolean onlyRuns, boolean waits) {
  private static final String PUBLIC = "public";
  private static final String AUTHENTICATED = "authenticated";

  /// Fails with IllegalStateException for a method without a policy: nobody has said who may call
  /// it.
  static MethodPolicy of(MethodDescriptor<?, ?> method) {
    var policy = said(method);
    if (policy.getPermission().isEmpty()) {
      throw new IllegalStateException(method.getFullMethodName() + " has no policy");
    }
    return new MethodPolicy(
        policy.getPermission(),
        policy.getInternal(),
        policy.getRun() || policy.getRunOnly(),
        policy.getRunOnly(),
        policy.getLongPoll());
  }

  /// Whether a call may wait until something happens.
  static boolean waits(MethodDescriptor<?, ?> method) {
    return said(method).getLongPoll();
  }

  private static Policy said(MethodDescriptor<?, ?> method) {
    return method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier schema
        ? schema.getMethodDescriptor().getOptions().getExtension(AnnotationsProto.policy)
        : Policy.getDefaultInstance();
  }

  boolean open() {
    return permission.equals(PUBLIC) && !internal;
  }

  /// @param caller null when the call carries no credential
  void check(@Nullable Caller caller) {
    if (open()) {
      return;
    }
    if (caller == null) {
      throw new Problem.Unauthenticated("UNAUTHENTICATED", "the call carries no credential")
          .raise();
    }
    switch (caller.kind()) {
      case SERVICE -> {
        if (!internal) {
          throw new Problem.Denied(permission).raise();
        }
      }
      case USER -> {
        if (internal) {
          throw new Problem.Denied("internal").raise();
        }
        if (caller.tenantId() == null) {
          throw new Problem.Unauthenticated("UNAUTHENTICATED", "the token names no tenant").raise();
        }
      }
    }
    if (caller.run() == null ? onlyRuns : !runs) {
      throw new Problem.Denied("run").raise();
    }
    var granted =
        permission.equals(AUTHENTICATED) || caller.may(permission) || caller.mayAny(permission);
    if (!granted) {
      throw new Problem.Denied(permission).raise();
    }
  }
}
