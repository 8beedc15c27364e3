package dev.agentserver.worker;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.agentserver.agentrun.v1.ListInterruptsRequest;
import dev.agentserver.agentrun.v1.RequestInterruptRequest;
import dev.agentserver.agentrun.v1.RunInterrupt;
import dev.agentserver.agentrun.v1.RunServiceGrpc;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc;
import java.util.Optional;

/// What a run asks people. The payload of the interrupt carries the question's key, by which a
/// later attempt knows the answer for its own.
final class Questions {
  private static final String KEY = "key";
  private static final int PAGE = 200;

  private final Lease lease;

  Questions(Lease lease) {
    this.lease = lease;
  }

  /// The answer to a question of this run, once there is one.
  RunInterrupt ask(RunInterrupt.Kind kind, String key, String prompt, Struct about) {
    lease.check();
    return answer(key)
        .orElseGet(
            () -> {
              request(kind, key, prompt, about);
              lease.stop(Stopped.Reason.WAITING);
              throw new Stopped(Stopped.Reason.WAITING);
            });
  }

  private void request(RunInterrupt.Kind kind, String key, String prompt, Struct about) {
    var payload = about.toBuilder().putFields(KEY, Value.newBuilder().setStringValue(key).build());
    var request =
        RequestInterruptRequest.newBuilder()
            .setRunId(lease.run().getId())
            .setLeaseEpoch(lease.epoch())
            .setKind(kind)
            .setPrompt(prompt)
            .setPayload(Value.newBuilder().setStructValue(payload))
            .setRequestId(lease.name("ask/" + Integer.toHexString(key.hashCode())))
            .build();
    lease.call(WorkerServiceGrpc.getRequestInterruptMethod(), request);
  }

  private Optional<RunInterrupt> answer(String key) {
    var page = "";
    do {
      var request =
          ListInterruptsRequest.newBuilder()
              .setRunId(lease.run().getId())
              .setPageSize(PAGE)
              .setPageToken(page)
              .build();
      var reply = lease.call(RunServiceGrpc.getListInterruptsMethod(), request);
      for (var interrupt : reply.getInterruptsList()) {
        if (interrupt.getState() == RunInterrupt.State.STATE_RESOLVED && asks(interrupt, key)) {
          return Optional.of(interrupt);
        }
      }
      page = reply.getNextPageToken();
    } while (!page.isEmpty());
    return Optional.empty();
  }

  private static boolean asks(RunInterrupt interrupt, String key) {
    return interrupt.getStepKey().isEmpty()
        && interrupt
            .getPayload()
            .getStructValue()
            .getFieldsOrDefault(KEY, Value.getDefaultInstance())
            .getStringValue()
            .equals(key);
  }
}
