package dev.agentserver.agentrun.ledger;

import dev.agentserver.agentrun.ledger.record.Recorder;
import dev.agentserver.agentrun.ledger.record.ReportProto;
import dev.agentserver.agentrun.ledger.record.Writer.Written;
import dev.agentserver.agentrun.v1.StreamUsageResponse;
import dev.agentserver.agentrun.v1.UsageRecord;
import dev.agentserver.agentrun.v1.UsageResult;
import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.grpc.Faults;
import dev.agentserver.kit.identity.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Records that are being written, in their order.
final class PendingRpc {
  private static final int REFUSALS = 100;

  private record One(String key, CompletableFuture<Written> written) {}

  private final Recorder recorder;
  private final Caller caller;
  private final List<One> all = new ArrayList<>();

  PendingRpc(Recorder recorder, Caller caller) {
    this.recorder = recorder;
    this.caller = caller;
  }

  /// Has a record written; one that is refused at once is refused when it is its turn.
  void add(UsageRecord record) {
    CompletableFuture<Written> written;
    try {
      written = recorder.recordAsync(caller, ReportProto.report(record));
    } catch (Cancelled gone) {
      throw gone;
    } catch (RuntimeException refused) {
      written = CompletableFuture.failedFuture(refused);
    }
    all.add(new One(record.getIdempotencyKey(), written));
  }

  /// Waits until each is committed or refused.
  List<UsageResult> results() {
    return all.stream().map(PendingRpc::result).toList();
  }

  /// Adds what became of them to the reply of a stream.
  void count(StreamUsageResponse.Builder reply) {
    for (var result : results()) {
      if (!result.hasEvent()) {
        reply.setRefused(reply.getRefused() + 1);
        if (reply.getRefusalsCount() < REFUSALS) {
          reply.addRefusals(result);
        }
      } else if (result.getEvent().getDuplicate()) {
        reply.setDuplicates(reply.getDuplicates() + 1);
      } else {
        reply.setRecorded(reply.getRecorded() + 1);
      }
    }
  }

  private static UsageResult result(One one) {
    var result = UsageResult.newBuilder().setIdempotencyKey(one.key());
    try {
      var written = one.written().get();
      return result.setEvent(UsageProto.toProto(written.event(), written.duplicate())).build();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Cancelled();
    } catch (ExecutionException failed) {
      var why = Faults.status(failed.getCause());
      return result.setErrorReason(Faults.reason(why)).setErrorMessage(why.getMessage()).build();
    }
  }
}
