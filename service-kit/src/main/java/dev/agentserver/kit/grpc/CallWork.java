package dev.agentserver.kit.grpc;

import dev.agentserver.kit.cancel.Cancellation;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import io.grpc.Context;
import io.grpc.ServerCall;
import java.util.concurrent.TimeoutException;

/// Runs a handler for a call: on this thread, stopped when the call is cancelled or its deadline
/// passes, its failure answered.
final class CallWork {
  private CallWork() {}

  /// @param stream whether a server that drains ends it
  static void run(ServerCall<?, ?> call, boolean stream, Runnable body) {
    var context = Context.current();
    var drain = CallScope.current().drain();
    var work = Cancellation.begin();
    Context.CancellationListener stopper = cancelled -> work.stop(why(cancelled));
    context.addListener(stopper, Runnable::run);
    drain.add(work, stream);
    try {
      body.run();
    } catch (Throwable fault) {
      var failure = Failure.of(cause(work, fault));
      call.close(failure.status(), failure.trailers());
    } finally {
      drain.remove(work, stream);
      context.removeListener(stopper);
      work.end();
    }
  }

  /// Work that was stopped fails in many ways, an interrupted read for example; what counts is why
  /// it was stopped.
  private static Throwable cause(Cancellation work, Throwable fault) {
    var why = work.why();
    return why == null || fault instanceof ProblemException ? fault : why.raise();
  }

  private static Problem why(Context cancelled) {
    return cancelled.cancellationCause() instanceof TimeoutException ? Faults.LATE : Faults.GONE;
  }
}
