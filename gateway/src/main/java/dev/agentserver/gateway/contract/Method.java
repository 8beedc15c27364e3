package dev.agentserver.gateway.contract;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.agentserver.common.v1.Policy;

/// A method that the gateway serves.
///
/// @param fullName as gRPC writes it: `package.Service/Method`
/// @param upstream the key of the upstream that implements it
public record Method(MethodDescriptor descriptor, String fullName, Policy policy, String upstream) {
  private static final String PUBLIC = "public";

  public Descriptor request() {
    return descriptor.getInputType();
  }

  public Descriptor response() {
    return descriptor.getOutputType();
  }

  /// The full name of its service.
  public String service() {
    return descriptor.getService().getFullName();
  }

  /// Whether it may be called without a credential.
  public boolean isPublic() {
    return policy.getPermission().equals(PUBLIC);
  }

  public boolean isUnary() {
    return !descriptor.isClientStreaming() && !descriptor.isServerStreaming();
  }

  /// Whether it takes one message and answers many.
  public boolean isServerStream() {
    return !descriptor.isClientStreaming() && descriptor.isServerStreaming();
  }

  /// Whether it takes many messages.
  public boolean takesMany() {
    return descriptor.isClientStreaming();
  }

  /// Whether it answers many messages, and so has no end of its own.
  public boolean answersMany() {
    return descriptor.isServerStreaming();
  }

  /// Whether it may wait until something happens.
  public boolean isLongPoll() {
    return policy.getLongPoll();
  }

  /// Whether it is for clients of gRPC alone.
  public boolean isGrpcOnly() {
    return policy.getGrpcOnly();
  }

  @Override
  public String toString() {
    return fullName;
  }
}
