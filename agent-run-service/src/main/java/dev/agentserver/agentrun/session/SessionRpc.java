package dev.agentserver.agentrun.session;

import static dev.agentserver.agentrun.text.ProtoText.clean;
import static dev.agentserver.agentrun.text.ProtoText.uuidOrNull;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dev.agentserver.agentrun.session.Session.Failure;
import dev.agentserver.agentrun.session.drive.Driving;
import dev.agentserver.agentrun.session.drive.Transition;
import dev.agentserver.agentrun.v1.AdvancePhaseRequest;
import dev.agentserver.agentrun.v1.CancelSessionRequest;
import dev.agentserver.agentrun.v1.CompleteSessionRequest;
import dev.agentserver.agentrun.v1.CreateSessionRequest;
import dev.agentserver.agentrun.v1.DeleteSessionRequest;
import dev.agentserver.agentrun.v1.FailSessionRequest;
import dev.agentserver.agentrun.v1.GetSessionRequest;
import dev.agentserver.agentrun.v1.ListSessionPhasesRequest;
import dev.agentserver.agentrun.v1.ListSessionPhasesResponse;
import dev.agentserver.agentrun.v1.ListSessionsRequest;
import dev.agentserver.agentrun.v1.ListSessionsResponse;
import dev.agentserver.agentrun.v1.PauseSessionRequest;
import dev.agentserver.agentrun.v1.ResumeSessionRequest;
import dev.agentserver.agentrun.v1.RetrySessionRequest;
import dev.agentserver.agentrun.v1.Session;
import dev.agentserver.agentrun.v1.SessionServiceGrpc;
import dev.agentserver.agentrun.v1.StartSessionRequest;
import dev.agentserver.agentrun.v1.UpdateSessionRequest;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.idempotency.Attempt;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// SessionService: translation between the contract and [Sessions] and [Driving].
public final class SessionRpc implements BindableService {
  private final Sessions sessions;
  private final Driving driving;
  private final PageSizes pages;

  public SessionRpc(Sessions sessions, Driving driving, PageSizes pages) {
    this.sessions = sessions;
    this.driving = driving;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(SessionServiceGrpc.getServiceDescriptor())
        .unary(SessionServiceGrpc.getCreateSessionMethod(), this::create)
        .unary(SessionServiceGrpc.getGetSessionMethod(), this::get)
        .unary(SessionServiceGrpc.getListSessionsMethod(), this::list)
        .unary(SessionServiceGrpc.getUpdateSessionMethod(), this::update)
        .unary(SessionServiceGrpc.getDeleteSessionMethod(), this::delete)
        .unary(SessionServiceGrpc.getStartSessionMethod(), this::start)
        .unary(SessionServiceGrpc.getPauseSessionMethod(), this::pause)
        .unary(SessionServiceGrpc.getResumeSessionMethod(), this::resume)
        .unary(SessionServiceGrpc.getCompleteSessionMethod(), this::complete)
        .unary(SessionServiceGrpc.getFailSessionMethod(), this::fail)
        .unary(SessionServiceGrpc.getCancelSessionMethod(), this::cancel)
        .unary(SessionServiceGrpc.getRetrySessionMethod(), this::retry)
        .unary(SessionServiceGrpc.getAdvancePhaseMethod(), this::advance)
        .unary(SessionServiceGrpc.getListSessionPhasesMethod(), this::phases)
        .build();
  }

  private Session create(CreateSessionRequest request) {
    var attempt = attempt(SessionServiceGrpc.getCreateSessionMethod(), request);
    var type =
        request.getTypeValue() == 0 ? SessionType.FULL : SessionProto.type(request.getType());
    return SessionProto.toProto(
        sessions.create(
            Callers.current(),
            attempt,
            uuidOrNull(request.getSessionId()),
            type,
            SessionProto.draft(request)));
  }

  private Session get(GetSessionRequest request) {
    return SessionProto.toProto(
        sessions.get(Callers.current(), SessionRef.of(request.getSessionId())));
  }

  private ListSessionsResponse list(ListSessionsRequest request) {
    var caller = Callers.current();
    var filter = SessionProto.filter(request);
    var scope =
        new PageScope(
            caller,
            SessionServiceGrpc.getListSessionsMethod().getFullMethodName(),
            filter.toString());
    var after = scope.position(request.getPageToken(), SessionRpc::position).orElse(null);
    var page = sessions.list(caller, filter, after, pages.of(request.getPageSize()));
    var next = page.next();
    return ListSessionsResponse.newBuilder()
        .addAllSessions(page.sessions().stream().map(SessionProto::toProto).toList())
        .setNextPageToken(
            next == null
                ? ""
                : scope.token(
                    List.of(next.lastActivityAt().toString(), next.sessionId().toString())))
        .build();
  }

  private static SessionListStore.Position position(List<String> position) {
    return new SessionListStore.Position(
        Instant.parse(position.get(0)), UUID.fromString(position.get(1)));
  }

  private Session update(UpdateSessionRequest request) {
    var attempt = attempt(SessionServiceGrpc.getUpdateSessionMethod(), request);
    return SessionProto.toProto(
        sessions.update(
            Callers.current(),
            attempt,
            UUID.fromString(request.getSession().getId()),
            request.getSession().getEtag(),
            SessionProto.conversation(request),
            SessionProto.edit(request)));
  }

  private Empty delete(DeleteSessionRequest request) {
    var attempt =
        Attempts.<DeleteSessionRequest, Empty, Boolean>of(
            SessionServiceGrpc.getDeleteSessionMethod(),
            request,
            _ -> Empty.getDefaultInstance(),
            _ -> true);
    driving.delete(
        Callers.current(), attempt, SessionRef.of(request.getSessionId()), request.getEtag());
    return Empty.getDefaultInstance();
  }

  private Session start(StartSessionRequest request) {
    var attempt = attempt(SessionServiceGrpc.getStartSessionMethod(), request);
    return move(attempt, request.getSessionId(), Transition.START, null);
  }

  private Session pause(PauseSessionRequest request) {
    var attempt = attempt(SessionServiceGrpc.getPauseSessionMethod(), request);
    return move(attempt, request.getSessionId(), Transition.PAUSE, null);
  }

  private Session resume(ResumeSessionRequest request) {
    var attempt = attempt(SessionServiceGrpc.getResumeSessionMethod(), request);
    return move(attempt, request.getSessionId(), Transition.RESUME, null);
  }

  private Session complete(CompleteSessionRequest request) {
    var attempt = attempt(SessionServiceGrpc.getCompleteSessionMethod(), request);
    return move(attempt, request.getSessionId(), Transition.COMPLETE, null);
  }

  private Session fail(FailSessionRequest request) {
    var attempt = attempt(SessionServiceGrpc.getFailSessionMethod(), request);
    var code = request.getCode().isEmpty() ? "FAILED" : request.getCode();
    var failure = new Failure(code, clean(request.getMessage()));
    return move(attempt, request.getSessionId(), Transition.FAIL, failure);
  }

  private Session cancel(CancelSessionRequest request) {
    var attempt = attempt(SessionServiceGrpc.getCancelSessionMethod(), request);
    return move(attempt, request.getSessionId(), Transition.CANCEL, null);
  }

  private Session retry(RetrySessionRequest request) {
    var attempt = attempt(SessionServiceGrpc.getRetrySessionMethod(), request);
    return move(attempt, request.getSessionId(), Transition.RETRY, null);
  }

  private Session move(
      Attempt<dev.agentserver.agentrun.session.Session> attempt,
      String id,
      Transition transition,
      @Nullable Failure failure) {
    return SessionProto.toProto(
        driving.move(Callers.current(), attempt, SessionRef.of(id), transition, failure));
  }

  private Session advance(AdvancePhaseRequest request) {
    var attempt = attempt(SessionServiceGrpc.getAdvancePhaseMethod(), request);
    return SessionProto.toProto(
        driving.advance(
            Callers.current(),
            attempt,
            SessionRef.of(request.getSessionId()),
            SessionProto.phase(request.getPhase()),
            request.getForce()));
  }

  private ListSessionPhasesResponse phases(ListSessionPhasesRequest request) {
    var caller = Callers.current();
    var scope =
        new PageScope(
            caller,
            SessionServiceGrpc.getListSessionPhasesMethod().getFullMethodName(),
            request.getSessionId());
    var after =
        scope
            .position(request.getPageToken(), position -> Integer.parseInt(position.getFirst()))
            .orElse(0);
    var size = pages.of(request.getPageSize());
    var found = driving.phases(caller, SessionRef.of(request.getSessionId()), after, size + 1);
    var page = found.size() > size ? found.subList(0, size) : found;
    return ListSessionPhasesResponse.newBuilder()
        .addAllPhases(page.stream().map(SessionProto::toProto).toList())
        .setNextPageToken(
            found.size() > size
                ? scope.token(List.of(Integer.toString(page.getLast().number())))
                : "")
        .build();
  }

  private static <Q extends Message> Attempt<dev.agentserver.agentrun.session.Session> attempt(
      MethodDescriptor<Q, Session> method, Q request) {
    return Attempts.of(method, request, SessionProto::toProto, SessionProto::fromProto);
  }
}
