package dev.agentserver.agentrun.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.agentserver.agentrun.v1.ArtifactServiceProto;
import dev.agentserver.agentrun.v1.CheckpointServiceProto;
import dev.agentserver.agentrun.v1.CreateProjectRequest;
import dev.agentserver.agentrun.v1.CreateSessionRequest;
import dev.agentserver.agentrun.v1.DirectoryServiceProto;
import dev.agentserver.agentrun.v1.OnboardingStep;
import dev.agentserver.agentrun.v1.Phase;
import dev.agentserver.agentrun.v1.Project;
import dev.agentserver.agentrun.v1.ProjectServiceProto;
import dev.agentserver.agentrun.v1.Session;
import dev.agentserver.agentrun.v1.SessionServiceProto;
import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.common.v1.Policy;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.RunScope;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every RPC about projects and sessions against everybody. What must happen is derived from the
/// method's policy, the role's grants and whose the resource is.
class SessionAuthorizationTest extends Scenes {
  /// Somebody, and whether what is asked for is theirs.
  record Person(String name, @Nullable Caller caller, boolean owner) {}

  /// What is asked for.
  record About(Session session, Project project) {}

  static Stream<MethodDescriptor> methods() {
    return Stream.of(
            ProjectServiceProto.getDescriptor(),
            DirectoryServiceProto.getDescriptor(),
            SessionServiceProto.getDescriptor(),
            CheckpointServiceProto.getDescriptor(),
            ArtifactServiceProto.getDescriptor())
        .flatMap(file -> file.getServices().stream())
        .flatMap(each -> each.getMethods().stream());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everybodyGetsWhatThePolicySays(MethodDescriptor method) {
    for (var person : everybody()) {
      var about = about(method, person);
      assertThat(call(service.channel(person.caller()), method, about))
          .as(method.getFullName() + " by " + person.name())
          .isEqualTo(expected(method, person));
    }
  }

  private List<Person> everybody() {
    var member = user("MEMBER");
    return List.of(
        new Person("anonymous", null, false),
        new Person("owner", member, true),
        new Person("stranger", user("MEMBER"), false),
        new Person("owner who may nothing", user("VIEWER"), true),
        new Person("worker", user("WORKER"), false),
        new Person("admin", user("ADMIN"), false),
        new Person("tenant owner", user("TENANT_OWNER"), false),
        new Person("other tenant's", service.caller(UUID.randomUUID(), "TENANT_OWNER"), false),
        new Person("service", service.servicePrincipal(), false),
        new Person("owner's run elsewhere", run(user("MEMBER"), UUID.randomUUID()), true));
  }

  private Caller user(String role) {
    return service.caller(TENANT, role);
  }

  private static Caller run(Caller caller, UUID session) {
    return caller.within(new RunScope(UUID.randomUUID(), null, session, 1), caller.permissions());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aRunGetsWithinItsSessionWhatThePolicySays(MethodDescriptor method) {
    var person = new Person("owner", user("MEMBER"), true);
    var about = about(method, person);
    var run = runIn(person.caller(), about.session().getId());
    assertThat(call(service.channel(run), method, about))
        .as(method.getFullName())
        .isEqualTo(policy(method).getRun() ? Code.OK : Code.PERMISSION_DENIED);
  }

  private static Code expected(MethodDescriptor method, Person person) {
    var policy = policy(method);
    var caller = person.caller();
    if (caller == null) {
      return Code.UNAUTHENTICATED;
    }
    if (!caller.may(policy.getPermission()) || (caller.run() != null && !policy.getRun())) {
      return Code.PERMISSION_DENIED;
    }
    if (caller.run() != null) {
      return Code.NOT_FOUND;
    }
    if (policy.getMemberRole().isEmpty()) {
      return Code.OK;
    }
    var any = TENANT.equals(caller.tenantId()) && caller.mayAny(policy.getPermission());
    return person.owner() || any ? Code.OK : Code.NOT_FOUND;
  }

  private static Policy policy(MethodDescriptor method) {
    return method.getOptions().getExtension(AnnotationsProto.policy);
  }

  /// A session and a project to which the method can be done.
  private About about(MethodDescriptor method, Person person) {
    var maker = by(user("MEMBER"));
    var session =
        maker
            .sessions()
            .createSession(
                CreateSessionRequest.newBuilder().setType(Session.Type.TYPE_FULL).build());
    var project =
        maker.projects().createProject(CreateProjectRequest.newBuilder().setName("p").build());
    service.sql(
        """
        insert into agent_run.session_artifact select tenant_id, session_id, 'spec', 1, 'text/plain', now(), now()
          from agent_run.session where session_id = '%1$s';
        insert into agent_run.session_artifact_revision select tenant_id, session_id, 'spec', 1, sha256(''), 0, '', now()
          from agent_run.session where session_id = '%1$s';
        insert into agent_run.session_checkpoint select tenant_id, session_id, 1, 'one', '', now(), null
          from agent_run.session where session_id = '%1$s';"""
            .formatted(session.getId()));
    prepare(method, session, project);
    if (person.owner()) {
      var id = person.caller().principalId();
      service.sql(
          "update agent_run.session set owner_id = '%s' where session_id = '%s'"
              .formatted(id, session.getId()));
      service.sql(
          "update agent_run.project set owner_id = '%s' where project_id = '%s'"
              .formatted(id, project.getId()));
    }
    return new About(session, project);
  }

  private void prepare(MethodDescriptor method, Session session, Project project) {
    switch (method.getName()) {
      case "PauseSession", "FailSession", "AdvancePhase" -> put(session, "ACTIVE");
      case "ResumeSession" -> put(session, "PAUSED");
      case "RetrySession" -> put(session, "FAILED");
      case "CompleteSession" -> {
        put(session, "ACTIVE");
        service.sql(
            "update agent_run.session set type = 'CHAT', phase = null where session_id = '"
                + session.getId()
                + "'");
      }
      case "PauseProject" ->
          service.sql(
              "update agent_run.project set state = 'ACTIVE' where project_id = '"
                  + project.getId()
                  + "'");
      case "CompleteOnboardingStep" ->
          service.sql(
              "insert into agent_run.project_onboarding_step values ('%s', '%s', 1, 'one', null)"
                  .formatted(TENANT, project.getId()));
      default -> {
        // As it is.
      }
    }
  }

  /// A request that only authorization can refuse.
  private static DynamicMessage request(MethodDescriptor method, About about) {
    var request = DynamicMessage.newBuilder(method.getInputType());
    var makes = method.getName().startsWith("Create") || method.getName().equals("ListSessions");
    for (var field : method.getInputType().getFields()) {
      switch (field.getName()) {
        case "session_id" -> {
          if (!method.getName().equals("CreateSession")) {
            request.setField(field, about.session().getId());
          }
        }
        case "project_id" -> {
          if (!makes) {
            request.setField(field, about.project().getId());
          }
        }
        case "session" ->
            request.setField(
                field, Session.newBuilder().setId(about.session().getId()).setTitle("x").build());
        case "project" ->
            request.setField(
                field, Project.newBuilder().setId(about.project().getId()).setName("x").build());
        case "name", "title" -> request.setField(field, "x");
        case "key" -> request.setField(field, "spec");
        case "number" -> {
          if (!method.getName().startsWith("Create")) {
            request.setField(field, 1);
          }
        }
        case "path" -> request.setField(field, method.getName().equals("ValidatePath") ? "/" : "");
        case "phase" -> {
          if (method.getName().equals("AdvancePhase")) {
            request.setField(field, Phase.PHASE_PLAN.getValueDescriptor());
          }
        }
        case "steps" ->
            request.addRepeatedField(field, OnboardingStep.newBuilder().setName("s").build());
        default -> {
          // Optional.
        }
      }
    }
    return request.build();
  }

  private static Code call(Channel channel, MethodDescriptor method, About about) {
    var grpc =
        io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
            .setType(MethodType.UNARY)
            .setFullMethodName(
                io.grpc.MethodDescriptor.generateFullMethodName(
                    method.getService().getFullName(), method.getName()))
            .setRequestMarshaller(
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
            .setResponseMarshaller(
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
            .build();
    try {
      ClientCalls.blockingUnaryCall(channel, grpc, CallOptions.DEFAULT, request(method, about));
      return Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }
}
