package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.v1.CancelSessionRequest;
import dev.agentserver.agentrun.v1.CreateRunRequest;
import dev.agentserver.agentrun.v1.CreateSessionRequest;
import dev.agentserver.agentrun.v1.GetSessionRequest;
import dev.agentserver.agentrun.v1.MultitaskStrategy;
import dev.agentserver.agentrun.v1.Session;
import dev.agentserver.agentrun.v1.SessionServiceGrpc;
import dev.agentserver.agentrun.v1.SessionServiceGrpc.SessionServiceBlockingStub;
import org.junit.jupiter.api.BeforeAll;

/// Runs of a user in sessions.
abstract class SessionRunTest extends RunTest {
  SessionServiceBlockingStub sessions;

  @BeforeAll
  void open() {
    sessions = SessionServiceGrpc.newBlockingStub(alice.channel());
  }

  /// A session of a type without phases.
  String session() {
    return session(Session.Type.TYPE_CHAT);
  }

  String session(Session.Type type) {
    return sessions.createSession(CreateSessionRequest.newBuilder().setType(type).build()).getId();
  }

  Session get(String session) {
    return sessions.getSession(GetSessionRequest.newBuilder().setSessionId(session).build());
  }

  Session.State state(String session) {
    return get(session).getState();
  }

  Session cancel(String session) {
    return sessions.cancelSession(CancelSessionRequest.newBuilder().setSessionId(session).build());
  }

  CreateRunRequest.Builder in(String session) {
    return wanted().setSessionId(session);
  }

  CreateRunRequest.Builder behind(String session) {
    return in(session).setMultitaskStrategy(MultitaskStrategy.MULTITASK_STRATEGY_ENQUEUE);
  }
}
