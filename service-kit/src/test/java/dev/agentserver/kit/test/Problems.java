package dev.agentserver.kit.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// What a client reads from a refused call.
public final class Problems {
  private final com.google.rpc.Status status;

  private Problems(com.google.rpc.Status status) {
    this.status = status;
  }

  /// Asserts that the call fails with this code and this reason of the registry.
  public static Problems assertProblem(Code code, String reason, ThrowingCallable call) {
    var refused = catchThrowableOfType(StatusRuntimeException.class, call);
    assertThat(refused).as("the call must be refused with " + reason).isNotNull();
    assertThat(refused.getStatus().getCode()).as(refused.getMessage()).isEqualTo(code);
    var problem = new Problems(StatusProto.fromThrowable(refused));
    var info = problem.detail(ErrorInfo.class);
    assertThat(info).as("every refusal carries ErrorInfo: " + refused.getMessage()).isPresent();
    assertThat(info.get().getReason()).isEqualTo(reason);
    assertThat(info.get().getDomain()).isEqualTo("agentserver");
    return problem;
  }

  /// Asserts a fact of the ErrorInfo.
  public Problems containsEntry(String key, String value) {
    assertThat(detail(ErrorInfo.class).orElseThrow().getMetadataMap()).containsEntry(key, value);
    return this;
  }

  /// Asserts that BadRequest names exactly these fields.
  public Problems field(String... paths) {
    assertThat(detail(BadRequest.class).orElseThrow().getFieldViolationsList())
        .extracting(BadRequest.FieldViolation::getField)
        .containsExactly(paths);
    return this;
  }

  /// Asserts that BadRequest says exactly this about its first field.
  public Problems says(String description) {
    assertThat(detail(BadRequest.class).orElseThrow().getFieldViolations(0).getDescription())
        .isEqualTo(description);
    return this;
  }

  /// Asserts that it says when to come again.
  public Problems retries() {
    assertThat(detail(RetryInfo.class)).as("RetryInfo").isPresent();
    return this;
  }

  private <T extends Message> Optional<T> detail(Class<T> type) {
    return status.getDetailsList().stream()
        .filter(any -> any.is(type))
        .findFirst()
        .map(any -> unpack(any, type));
  }

  private static <T extends Message> T unpack(Any any, Class<T> type) {
    try {
      return any.unpack(type);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
