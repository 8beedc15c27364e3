package dev.agentserver.file.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.file.file.Purpose;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.RefusalSink;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which request is for what, and who may make it.
final class FileDoor implements HttpService {
  private static final Pattern CONTENT = Pattern.compile("/v1/files/([^/]+)/content");
  private static final Pattern TYPED = Pattern.compile("/upload/([^/]+)");
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final FormDoor forms;
  private final TusDoor tus;
  private final ContentDoor contents;
  private final Entrance entrance;
  private final RefusalSink refusals;
  private final ExecutorService threads;
  private final Semaphore room;
  private final Duration stall;

  /// @param threads runs what may wait
  /// @param most the exchanges that may be open at once
  /// @param stall how long an exchange may carry nothing
  FileDoor(
      FormDoor forms,
      TusDoor tus,
      ContentDoor contents,
      Entrance entrance,
      RefusalSink refusals,
      ExecutorService threads,
      int most,
      Duration stall) {
    this.forms = forms;
    this.tus = tus;
    this.contents = contents;
    this.entrance = entrance;
    this.refusals = refusals;
    this.threads = threads;
    this.room = new Semaphore(most);
    this.stall = stall;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    if (!room.tryAcquire()) {
      return refuse(context, null, new Problem.Overloaded("open_streams", RETRY).raise());
    }
    context.log().whenComplete().thenRun(room::release);
    return HttpResponse.of(CompletableFuture.supplyAsync(() -> answer(context, request), threads));
  }

  private HttpResponse answer(ServiceRequestContext context, HttpRequest request) {
    Caller caller = null;
    try {
      var work = route(context, request);
      var known = entrance.caller(request.headers());
      caller = known.caller();
      Entrance.admit(caller, work.permission());
      return Callers.as(caller, known.token(), () -> work.does().apply(known.caller()));
    } catch (RuntimeException fault) {
      return refuse(context, caller, fault);
    }
  }

  /// What a request asks for, and what its caller must be allowed to.
  private record Work(String permission, Function<Caller, HttpResponse> does) {}

  private Work route(ServiceRequestContext context, HttpRequest request) {
    var path = context.path();
    if (TusDoor.takes(path)) {
      return new Work(
          "file:write",
          caller -> {
            Entrance.refuseRun(caller);
            return tus.serve(caller, path, request, new Patience(context, stall));
          });
    }
    var content = CONTENT.matcher(path);
    if (content.matches()) {
      require(request, HttpMethod.GET, HttpMethod.HEAD);
      var id = uuid(content.group(1));
      return new Work(
          "file:read", caller -> contents.serve(caller, id, request, new Patience(context, stall)));
    }
    var typed = TYPED.matcher(path);
    if (path.equals("/v1/files") || path.equals("/files/upload") || typed.matches()) {
      require(request, HttpMethod.POST);
      var purpose = typed.matches() ? purpose(typed.group(1)) : null;
      return new Work(
          "file:write",
          caller -> forms.take(caller, purpose, request, new Patience(context, stall)));
    }
    throw new Problem.NotFound("page", path).raise();
  }

  private static void require(HttpRequest request, HttpMethod... methods) {
    if (!Arrays.asList(methods).contains(request.method())) {
      throw new Problem.NotFound("page", request.method() + " " + request.path()).raise();
    }
  }

  static UUID uuid(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException notAnId) {
      throw Problem.invalid("file_id", "must be a UUID");
    }
  }

  static Purpose purpose(String text) {
    return Arrays.stream(Purpose.values())
        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(
            () -> Problem.invalid("purpose", "must be attachment, avatar, document or artifact"));
  }

  private HttpResponse refuse(
      ServiceRequestContext context, @Nullable Caller caller, RuntimeException fault) {
    var refused = FaultProto.of(fault);
    if (refused.isRefusal()) {
      refusals.refused(
          caller,
          "file.v1" + context.path(),
          refused.reason(),
          context.clientAddress().getHostAddress());
    }
    var headers = ResponseHeaders.builder(refused.status()).contentType(MediaType.JSON);
    if (refused.retrySeconds() > 0) {
      headers.set("retry-after", Long.toString(refused.retrySeconds()));
    }
    refused.headers().forEach(headers::set);
    if (TusDoor.takes(context.path())) {
      TusDoor.mark(headers, refused.reason());
    }
    return HttpResponse.of(headers.build(), HttpData.ofUtf8(refused.json()));
  }
}
