package dev.agentserver.commandline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.util.Durations;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private static final long ASKED_MILLIS = 50;

  private final Patience patience = new Patience();
  private final AtomicInteger calls = new AtomicInteger();

  @Test
  void aServerThatAsksForTimeHasItFromEverybodyAndIsCalledAgain() {
    var start = System.nanoTime();
    assertThat(patience.call(() -> failingFirst(busy()))).isEqualTo(2);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(asked());
    assertThat(calls).hasValue(2);
  }

  @Test
  void aServerThatIsAwayIsCalledAgain() {
    assertThat(patience.call(() -> failingFirst(Code.UNAVAILABLE.toStatus().asRuntimeException())))
        .isEqualTo(2);
  }

  @Test
  void aRefusalIsOneAndSoIsALimitThatTimeDoesNotChange() {
    for (var code : new Code[] {Code.PERMISSION_DENIED, Code.RESOURCE_EXHAUSTED}) {
      calls.set(0);
      var refusal = code.toStatus().withDescription("no").asRuntimeException();
      assertThatThrownBy(() -> patience.call(() -> failingFirst(refusal))).isSameAs(refusal);
      assertThat(calls).hasValue(1);
      assertThat(Patience.said(refusal)).isEqualTo(code + ": no");
    }
  }

  private int failingFirst(StatusRuntimeException failure) {
    if (calls.incrementAndGet() == 1) {
      throw failure;
    }
    return calls.get();
  }

  private static Duration asked() {
    return Duration.ofMillis(ASKED_MILLIS);
  }

  private static StatusRuntimeException busy() {
    var info = RetryInfo.newBuilder().setRetryDelay(Durations.fromMillis(ASKED_MILLIS)).build();
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder()
            .setCode(Code.RESOURCE_EXHAUSTED.value())
            .addDetails(Any.pack(info))
            .build());
  }
}
