package dev.agentserver.gateway.http;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.gateway.fault.Answers;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.filters.RequestIds;
import dev.agentserver.kit.observe.Logging;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.MDC;

/// Handles each request on a virtual thread of its own, so that the code may wait in plain words.
/// The request's id is in the logging context.
final class RequestThreads {
  private final Executor threads;
  private final Answers answers;

  RequestThreads(Executor threads, Answers answers) {
    this.threads = threads;
    this.answers = answers;
  }

  /// @param work handles the request; a Fault is an answer, anything else that is thrown is ours
  /// @param onFault writes a fault as the client understands it
  HttpResponse answer(
      ServiceRequestContext context,
      Supplier<HttpResponse> work,
      Function<Fault, HttpResponse> onFault) {
    var response = new CompletableFuture<HttpResponse>();
    threads.execute(
        () -> {
          MDC.put(Logging.REQUEST_ID, RequestIds.of(context));
          response.complete(handle(work, onFault));
        });
    return HttpResponse.of(response);
  }

  private HttpResponse handle(Supplier<HttpResponse> work, Function<Fault, HttpResponse> onFault) {
    try {
      return work.get();
    } catch (Fault fault) {
      return onFault.apply(fault);
    } catch (RuntimeException | Error unexpected) {
      return onFault.apply(answers.internal("a request could not be handled", unexpected));
    }
  }
}
