package dev.agentserver.e2e.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.agentserver.agentrun.v1.AcquireRunRequest;
import dev.agentserver.agentrun.v1.Agent;
import dev.agentserver.agentrun.v1.AgentConfig;
import dev.agentserver.agentrun.v1.AgentServiceGrpc;
import dev.agentserver.agentrun.v1.AgentTool;
import dev.agentserver.agentrun.v1.BeginStepRequest;
import dev.agentserver.agentrun.v1.BeginStepResponse;
import dev.agentserver.agentrun.v1.BeginStepResponse.Decision;
import dev.agentserver.agentrun.v1.CompleteRunRequest;
import dev.agentserver.agentrun.v1.CompleteStepRequest;
import dev.agentserver.agentrun.v1.CreateAgentRequest;
import dev.agentserver.agentrun.v1.CreateRunRequest;
import dev.agentserver.agentrun.v1.CreateSessionRequest;
import dev.agentserver.agentrun.v1.ListInterruptsRequest;
import dev.agentserver.agentrun.v1.ListRunEventsRequest;
import dev.agentserver.agentrun.v1.ResolveInterruptRequest;
import dev.agentserver.agentrun.v1.Run;
import dev.agentserver.agentrun.v1.RunEvent;
import dev.agentserver.agentrun.v1.RunEventServiceGrpc;
import dev.agentserver.agentrun.v1.RunLease;
import dev.agentserver.agentrun.v1.RunServiceGrpc;
import dev.agentserver.agentrun.v1.RunStep;
import dev.agentserver.agentrun.v1.Session;
import dev.agentserver.agentrun.v1.SessionServiceGrpc;
import dev.agentserver.agentrun.v1.StartSessionRequest;
import dev.agentserver.agentrun.v1.WaitRunRequest;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc;
import dev.agentserver.conversation.v1.AppendMessageRequest;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.CompleteMessageRequest;
import dev.agentserver.conversation.v1.ConversationServiceGrpc;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.CreateMessageRequest;
import dev.agentserver.conversation.v1.Delta;
import dev.agentserver.conversation.v1.ListMessagesRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import dev.agentserver.conversation.v1.MessageStreamServiceGrpc;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.CreateToolRequest;
import dev.agentserver.settings.v1.ExchangeTokenRequest;
import dev.agentserver.settings.v1.GetToolRequest;
import dev.agentserver.settings.v1.OnBehalfOf;
import dev.agentserver.settings.v1.Tool;
import dev.agentserver.settings.v1.ToolServiceGrpc;
import io.grpc.MethodDescriptor;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One story, each way: somebody signs in, begins a session, chats, has a run done that asks before
/// it calls a tool, and reads what came out. The worker comes the same way.
@ExtendWith(SharedServer.class)
class JourneyTest {
  private static final Struct SCHEMA =
      Struct.newBuilder().putFields("type", text("object")).build();

  private final Server server;
  private final String name = "n" + UUID.randomUUID();

  private Way way;
  private User ann;
  private User worker;

  JourneyTest(Server server) {
    this.server = server;
  }

  @ParameterizedTest
  @EnumSource
  void fromTheSignInToTheResultOfARunThatAsked(Way by) {
    way = by;
    ann = signedIn(true);
    worker = signedIn(false);
    var tool = tool();
    var agent = agent(tool);
    var conversation =
        call(
                ann,
                ConversationServiceGrpc.getCreateConversationMethod(),
                CreateConversationRequest.newBuilder().setTitle(name).build())
            .getId();
    var session = session(conversation);
    var question =
        call(
            ann,
            MessageServiceGrpc.getCreateMessageMethod(),
            CreateMessageRequest.newBuilder()
                .setConversationId(conversation)
                .setRole(Message.Role.user)
                .setContent("What is the weather like?")
                .build());
    var run =
        call(
                ann,
                RunServiceGrpc.getCreateRunMethod(),
                CreateRunRequest.newBuilder()
                    .setAgentId(agent)
                    .setSessionId(session.getId())
                    .setInputMessageId(question.getId())
                    .setQueue(name)
                    .build())
            .getRun();

    var first = acquire("1");
    assertThat(first.getRun().getId()).isEqualTo(run.getId());
    assertThat(first.getRun().getInputMessageId()).isEqualTo(question.getId());
    assertThat(first.getSession().getType()).isEqualTo(Session.Type.TYPE_CHAT);
    assertThat(first.getToolsList())
        .singleElement()
        .satisfies(
            given -> {
              assertThat(given.getName()).isEqualTo(name);
              assertThat(given.getInputSchema()).isEqualTo(SCHEMA);
              assertThat(given.getPermission()).isEqualTo(AgentTool.Permission.PERMISSION_ASK);
            });
    assertThat(step(first, tool).getDecision()).isEqualTo(Decision.DECISION_APPROVAL_REQUIRED);
    approve(run);
    var second = acquire("2");
    assertThat(step(second, tool).getDecision()).isEqualTo(Decision.DECISION_EXECUTE);
    finish(second, tool, conversation);

    read(run, conversation);
  }

  private User signedIn(boolean onBehalf) {
    var request = ExchangeTokenRequest.newBuilder().setApiKey(server.key(1));
    if (onBehalf) {
      request.setOnBehalfOf(OnBehalfOf.newBuilder().setExternalSubject(name).setName("Ann"));
    }
    var token =
        call(User.anonymous(server), AccessServiceGrpc.getExchangeTokenMethod(), request.build());
    return User.bearing(server, token.getAccessToken());
  }

  private <Q, R> R call(User user, MethodDescriptor<Q, R> method, Q request) {
    return way.call(user, method, request);
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  private String tool() {
    var tool = Tool.newBuilder().setName(name).setInputSchema(SCHEMA);
    return call(
            worker,
            ToolServiceGrpc.getCreateToolMethod(),
            CreateToolRequest.newBuilder().setTool(tool).build())
        .getId();
  }

  private String agent(String tool) {
    var asked =
        AgentTool.newBuilder().setToolId(tool).setPermission(AgentTool.Permission.PERMISSION_ASK);
    var agent =
        Agent.newBuilder().setName("weather").setConfig(AgentConfig.newBuilder().addTools(asked));
    return call(
            ann,
            AgentServiceGrpc.getCreateAgentMethod(),
            CreateAgentRequest.newBuilder().setAgent(agent).build())
        .getId();
  }

  private Session session(String conversation) {
    var session =
        call(
            ann,
            SessionServiceGrpc.getCreateSessionMethod(),
            CreateSessionRequest.newBuilder()
                .setType(Session.Type.TYPE_CHAT)
                .setTitle(name)
                .setConversationId(conversation)
                .build());
    return call(
        ann,
        SessionServiceGrpc.getStartSessionMethod(),
        StartSessionRequest.newBuilder().setSessionId(session.getId()).build());
  }

  private RunLease acquire(String requestId) {
    var lease =
        call(
            worker,
            WorkerServiceGrpc.getAcquireRunMethod(),
            AcquireRunRequest.newBuilder()
                .addQueues(name)
                .setWait(Duration.newBuilder().setSeconds(10))
                .setRequestId(name + requestId)
                .build());
    return lease.getLease();
  }

  private BeginStepResponse step(RunLease lease, String tool) {
    return call(
        worker,
        WorkerServiceGrpc.getBeginStepMethod(),
        BeginStepRequest.newBuilder()
            .setRunId(lease.getRun().getId())
            .setLeaseEpoch(lease.getLeaseEpoch())
            .setStepKey("weather")
            .setKind(RunStep.Kind.KIND_TOOL)
            .setName(name)
            .setToolId(tool)
            .build());
  }

  private void approve(Run run) {
    var asked =
        call(
            ann,
            RunServiceGrpc.getListInterruptsMethod(),
            ListInterruptsRequest.newBuilder().setRunId(run.getId()).build());
    call(
        ann,
        RunServiceGrpc.getResolveInterruptMethod(),
        ResolveInterruptRequest.newBuilder()
            .setRunId(run.getId())
            .setInterruptId(asked.getInterrupts(0).getId())
            .setApproved(true)
            .build());
  }

  /// With the run's own token, where it acts for the user.
  private void finish(RunLease lease, String tool, String conversation) {
    var acting = User.bearing(server, lease.getToken().getToken());
    var read =
        call(
            acting,
            ToolServiceGrpc.getGetToolMethod(),
            GetToolRequest.newBuilder().setToolId(tool).build());
    assertThat(read.getName()).isEqualTo(name);
    call(
        worker,
        WorkerServiceGrpc.getCompleteStepMethod(),
        CompleteStepRequest.newBuilder()
            .setRunId(lease.getRun().getId())
            .setLeaseEpoch(lease.getLeaseEpoch())
            .setStepKey("weather")
            .setOutput(text("sunny"))
            .build());
    var answer = answer(acting, lease, conversation);
    call(
        worker,
        WorkerServiceGrpc.getCompleteRunMethod(),
        CompleteRunRequest.newBuilder()
            .setRunId(lease.getRun().getId())
            .setLeaseEpoch(lease.getLeaseEpoch())
            .setOutput(text("sunny"))
            .setOutputMessageId(answer)
            .build());
  }

  private String answer(User acting, RunLease lease, String conversation) {
    var begun =
        call(
            acting,
            MessageStreamServiceGrpc.getBeginMessageMethod(),
            BeginMessageRequest.newBuilder()
                .setConversationId(conversation)
                .setRole(Message.Role.assistant)
                .setRunId(lease.getRun().getId())
                .build());
    var message = begun.getMessage().getId();
    call(
        acting,
        MessageStreamServiceGrpc.getAppendMessageMethod(),
        AppendMessageRequest.newBuilder()
            .setMessageId(message)
            .setWriterEpoch(begun.getWriterEpoch())
            .addDeltas(Delta.newBuilder().setText("It is sunny."))
            .build());
    call(
        acting,
        MessageStreamServiceGrpc.getCompleteMessageMethod(),
        CompleteMessageRequest.newBuilder()
            .setMessageId(message)
            .setWriterEpoch(begun.getWriterEpoch())
            .build());
    return message;
  }

  private void read(Run run, String conversation) {
    var ended =
        call(
            ann,
            RunServiceGrpc.getWaitRunMethod(),
            WaitRunRequest.newBuilder().setRunId(run.getId()).build());
    assertThat(ended.getState()).isEqualTo(Run.State.STATE_SUCCEEDED);
    assertThat(ended.getOutput().getStringValue()).isEqualTo("sunny");
    var messages =
        call(
            ann,
            MessageServiceGrpc.getListMessagesMethod(),
            ListMessagesRequest.newBuilder().setConversationId(conversation).build());
    assertThat(messages.getMessagesList())
        .extracting(Message::getContent)
        .containsExactly("What is the weather like?", "It is sunny.");
    assertThat(messages.getMessages(1).getId()).isEqualTo(ended.getOutputMessageId());
    var events =
        call(
            ann,
            RunEventServiceGrpc.getListRunEventsMethod(),
            ListRunEventsRequest.newBuilder().setRunId(run.getId()).build());
    assertThat(events.getEventsList())
        .extracting(RunEvent::getKind)
        .containsSubsequence(
            "run.queued",
            "run.running",
            "run.requires_action",
            "run.queued",
            "run.running",
            "step.running",
            "step.succeeded",
            "run.succeeded");
  }
}
