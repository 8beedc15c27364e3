package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.v1.HeartbeatRequest;
import dev.agentserver.agentrun.v1.RunLease;
import dev.agentserver.agentrun.v1.WorkStreamAcquire;
import dev.agentserver.agentrun.v1.WorkStreamCommand;
import dev.agentserver.agentrun.v1.WorkStreamEnded;
import dev.agentserver.agentrun.v1.WorkStreamHeartbeat;
import dev.agentserver.agentrun.v1.WorkStreamLease;
import dev.agentserver.agentrun.v1.WorkStreamOpen;
import dev.agentserver.agentrun.v1.WorkStreamRequest;
import dev.agentserver.agentrun.v1.WorkStreamResponse;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A worker at its stream.
record Worker(BlockingClientCall<WorkStreamRequest, WorkStreamResponse> call)
    implements AutoCloseable {
  private static final long SECONDS = 20;
  private static final int MOST = 50;

  /// A stream of which nothing was sent yet.
  static Worker silent(Person who) {
    return new Worker(
        ClientCalls.blockingBidiStreamingCall(
            who.channel(), WorkerServiceGrpc.getWorkStreamMethod(), CallOptions.DEFAULT));
  }

  /// A stream that is open.
  static Worker open(Person who, String... queues) {
    var worker = silent(who).opening(queues);
    if (!worker.any().hasAlive()) {
      throw new AssertionError("an open stream says so first");
    }
    return worker;
  }

  Worker opening(String... queues) {
    return send(
        WorkStreamRequest.newBuilder()
            .setOpen(WorkStreamOpen.newBuilder().addAllQueues(List.of(queues))));
  }

  Worker acquire(String... requestIds) {
    return acquire(List.of(requestIds));
  }

  Worker acquire(List<String> requestIds) {
    return send(
        WorkStreamRequest.newBuilder()
            .setAcquire(WorkStreamAcquire.newBuilder().addAllRequestIds(requestIds)));
  }

  Worker beat(RunLease lease) {
    return beat(lease, 0);
  }

  Worker beat(RunLease lease, long inputSeq) {
    return send(
        WorkStreamRequest.newBuilder()
            .setHeartbeat(
                WorkStreamHeartbeat.newBuilder()
                    .addLeases(
                        HeartbeatRequest.newBuilder()
                            .setRunId(lease.getRun().getId())
                            .setLeaseEpoch(lease.getLeaseEpoch())
                            .setInputSeq(inputSeq))));
  }

  private Worker send(WorkStreamRequest.Builder request) {
    try {
      call.write(request.build());
      return this;
    } catch (StatusException refused) {
      throw new StatusRuntimeException(refused.getStatus(), refused.getTrailers());
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  WorkStreamLease leased() {
    var news = next();
    if (!news.hasLeased()) {
      throw new AssertionError("no lease: " + news);
    }
    return news.getLeased();
  }

  WorkStreamCommand command() {
    var news = next();
    if (!news.hasCommand()) {
      throw new AssertionError("no command: " + news);
    }
    return news.getCommand();
  }

  WorkStreamEnded ended() {
    var news = next();
    if (!news.hasEnded()) {
      throw new AssertionError("no end: " + news);
    }
    return news.getEnded();
  }

  /// What it is told next, but that the server is there.
  private WorkStreamResponse next() {
    for (var news = any(); ; news = any()) {
      if (news == null) {
        throw new AssertionError("the stream has ended");
      }
      if (!news.hasAlive()) {
        return news;
      }
    }
  }

  /// Null: the stream has ended well.
  @Nullable WorkStreamResponse any() {
    try {
      return call.read(SECONDS, TimeUnit.SECONDS);
    } catch (StatusException refused) {
      throw new StatusRuntimeException(refused.getStatus(), refused.getTrailers());
    } catch (InterruptedException | TimeoutException late) {
      throw new AssertionError(late);
    }
  }

  /// Reads until the stream ends; fails as it fails.
  void awaitEnd() {
    for (var said = 0; any() != null; said++) {
      if (said > MOST) {
        throw new AssertionError("the stream goes on");
      }
    }
  }

  /// Goes away without a word.
  @Override
  public void close() {
    call.cancel("gone", null);
  }
}
