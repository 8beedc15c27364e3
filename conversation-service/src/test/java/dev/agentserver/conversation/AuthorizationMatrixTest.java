package dev.agentserver.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.rpc.ErrorInfo;
import dev.agentserver.common.v1.AdminServiceProto;
import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.common.v1.OutboxServiceProto;
import dev.agentserver.common.v1.Policy;
import dev.agentserver.conversation.AnyCall.About;
import dev.agentserver.conversation.access.MemberRole;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.BranchServiceProto;
import dev.agentserver.conversation.v1.ContextServiceProto;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationExportServiceProto;
import dev.agentserver.conversation.v1.ConversationServiceProto;
import dev.agentserver.conversation.v1.EventServiceProto;
import dev.agentserver.conversation.v1.FeedbackServiceProto;
import dev.agentserver.conversation.v1.LegalHoldServiceProto;
import dev.agentserver.conversation.v1.MemberServiceProto;
import dev.agentserver.conversation.v1.MessageServiceProto;
import dev.agentserver.conversation.v1.SearchServiceProto;
import dev.agentserver.conversation.v1.ShareServiceProto;
import dev.agentserver.conversation.v1.StreamServiceProto;
import dev.agentserver.conversation.v1.TagServiceProto;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.RunScope;
import io.grpc.Channel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every RPC of the service against everybody. What must happen is derived from the method's policy
/// and the role's grants; nothing is listed by hand but who the people are.
class AuthorizationMatrixTest extends ServiceTest {
  /// A conversation that is not asked for.
  private static final UUID ELSEWHERE = UUID.randomUUID();

  /// Somebody, and what they are in the conversation that is asked for.
  record Somebody(
      String name, @Nullable Caller caller, @Nullable MemberRole member, boolean sameTenant) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<MethodDescriptor> methods() {
    return Stream.of(
            ConversationServiceProto.getDescriptor(),
            BranchServiceProto.getDescriptor(),
            ConversationExportServiceProto.getDescriptor(),
            ContextServiceProto.getDescriptor(),
            MessageServiceProto.getDescriptor(),
            SearchServiceProto.getDescriptor(),
            MemberServiceProto.getDescriptor(),
            LegalHoldServiceProto.getDescriptor(),
            FeedbackServiceProto.getDescriptor(),
            TagServiceProto.getDescriptor(),
            ShareServiceProto.getDescriptor(),
            StreamServiceProto.getDescriptor(),
            EventServiceProto.getDescriptor(),
            AdminServiceProto.getDescriptor(),
            OutboxServiceProto.getDescriptor())
        .flatMap(file -> file.getServices().stream())
        .flatMap(service -> service.getMethods().stream())
        // What anybody may call who has a link is in ShareRpcTest.
        .filter(method -> !policy(method).getPermission().equals("public"));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everybodyGetsWhatThePolicySays(MethodDescriptor method) {
    for (var somebody : everybody()) {
      var owner = service.person(TENANT, "MEMBER");
      var conversation = conversation(owner);
      var about = about(method, owner, conversation, somebody.caller());
      if (method.getName().startsWith("Undelete")) {
        owner
            .conversations()
            .deleteConversation(
                dev.agentserver.conversation.v1.DeleteConversationRequest.newBuilder()
                    .setConversationId(conversation.getId())
                    .build());
      }
      if (somebody.member() == MemberRole.OWNER) {
        service.sql(
            "update conversation.conversation_member set user_id = '"
                + somebody.caller().principalId()
                + "' where conversation_id = '"
                + conversation.getId()
                + "' and role = 'OWNER'");
      } else if (somebody.member() != null) {
        service.join(
            conversation.getId(),
            TENANT,
            somebody.caller().principalId(),
            somebody.member().name());
      }
      var actual = call(service.channel(somebody.caller()), method, about);
      assertThat(actual)
          .as(method.getFullName() + " by " + somebody)
          .isEqualTo(expected(method, somebody));
    }
  }

  @Test
  void anotherTenantsIdLooksLikeNoIdAtAll() {
    var conversation = conversation(alice);
    var elsewhere = service.person(UUID.randomUUID(), "TENANT_OWNER");
    methods()
        .filter(method -> !policy(method).getMemberRole().isEmpty())
        .forEach(
            method -> {
              var about = about(method, alice, conversation, null);
              var nothing =
                  new About(
                      conversation.toBuilder().setId(UUID.randomUUID().toString()).build(),
                      about.message().toBuilder().setId(UUID.randomUUID().toString()).build(),
                      about.epoch(),
                      about.member(),
                      about.tag());
              var real = describe(elsewhere.channel(), method, about);
              var none = describe(elsewhere.channel(), method, nothing);
              assertThat(anonymous(real, about))
                  .as(method.getFullName())
                  .isEqualTo(anonymous(none, nothing));
            });
  }

  private static String anonymous(String described, About about) {
    return described
        .replace(about.conversation().getId(), "ID")
        .replace(about.message().getId(), "ID");
  }

  /// A message in the conversation: one that is being written, for those who write on.
  private About about(
      MethodDescriptor method, Person owner, Conversation conversation, @Nullable Caller caller) {
    var member = UUID.randomUUID();
    var tag = tag(caller);
    service.join(conversation.getId(), TENANT, member, "VIEWER");
    if (!new AnyCall(method).writesOn()) {
      return new About(conversation, say(owner, conversation, "secret"), 0, member, tag);
    }
    var begun =
        owner
            .streams()
            .beginMessage(
                BeginMessageRequest.newBuilder().setConversationId(conversation.getId()).build());
    return new About(conversation, begun.getMessage(), begun.getWriterEpoch(), member, tag);
  }

  /// A tag of the caller's, where somebody calls who can have one.
  private UUID tag(@Nullable Caller caller) {
    var tag = UUID.randomUUID();
    if (caller != null && caller.tenantId() != null) {
      service.sql(
          "insert into tag (tenant_id, tag_id, owner_id, name, created_at) values ('%s', '%s', '%s', '%s', now())"
              .formatted(caller.tenantId(), tag, caller.principalId(), tag));
    }
    return tag;
  }

  private List<Somebody> everybody() {
    return List.of(
        new Somebody("anonymous", null, null, false),
        new Somebody("stranger", user("MEMBER"), null, true),
        new Somebody("stranger who may only read", user("VIEWER"), null, true),
        new Somebody(
            "other tenant's owner", service.caller(UUID.randomUUID(), "TENANT_OWNER"), null, false),
        new Somebody("viewer", user("MEMBER"), MemberRole.VIEWER, true),
        new Somebody("editor", user("MEMBER"), MemberRole.EDITOR, true),
        new Somebody("owner", user("MEMBER"), MemberRole.OWNER, true),
        new Somebody("owner who may only read", user("VIEWER"), MemberRole.OWNER, true),
        new Somebody("admin", user("ADMIN"), null, true),
        new Somebody("tenant owner", user("TENANT_OWNER"), null, true),
        new Somebody("service", service.servicePrincipal(), null, false),
        new Somebody(
            "owner's run elsewhere", run(user("MEMBER"), ELSEWHERE), MemberRole.OWNER, true),
        new Somebody("admin's run elsewhere", run(user("ADMIN"), ELSEWHERE), null, true),
        new Somebody("owner's run nowhere", run(user("MEMBER"), null), MemberRole.OWNER, true),
        new Somebody("tenant owner's run nowhere", run(user("TENANT_OWNER"), null), null, true));
  }

  private static Caller run(Caller caller, @Nullable UUID conversation) {
    return caller.within(
        new RunScope(UUID.randomUUID(), conversation, null, 1), caller.permissions());
  }

  /// What a run may call within its conversation is what its user may.
  @ParameterizedTest
  @MethodSource("methods")
  void aRunGetsWithinItsConversationWhatThePolicySays(MethodDescriptor method) {
    var owner = service.person(TENANT, "MEMBER");
    var conversation = conversation(owner);
    var about = about(method, owner, conversation, owner.caller());
    var run = run(owner.caller(), UUID.fromString(conversation.getId()));
    assertThat(call(service.channel(run), method, about))
        .as(method.getFullName())
        .isEqualTo(policy(method).getRun() ? Code.OK : Code.PERMISSION_DENIED);
  }

  private Caller user(String role) {
    return service.caller(TENANT, role);
  }

  /// What the policy promises: who is nobody must sign in; a service does what is internal and
  /// nothing else; without the permission nothing; without membership the resource is not there;
  /// with too low a membership it may not be touched.
  private static Code expected(MethodDescriptor method, Somebody somebody) {
    var policy = policy(method);
    var caller = somebody.caller();
    if (caller == null) {
      return Code.UNAUTHENTICATED;
    }
    if (policy.getInternal() || caller.kind() == Caller.Kind.SERVICE) {
      return policy.getInternal() && caller.kind() == Caller.Kind.SERVICE
          ? Code.OK
          : Code.PERMISSION_DENIED;
    }
    if (!caller.may(policy.getPermission()) || (caller.run() != null && !policy.getRun())) {
      return Code.PERMISSION_DENIED;
    }
    if (caller.run() != null) {
      return Code.NOT_FOUND;
    }
    if (policy.getMemberRole().isEmpty()) {
      return new AnyCall(method).names() && !somebody.sameTenant() ? Code.NOT_FOUND : Code.OK;
    }
    if (somebody.sameTenant() && caller.mayAny(policy.getPermission())) {
      return Code.OK;
    }
    if (somebody.member() == null) {
      return Code.NOT_FOUND;
    }
    if (somebody.member().compareTo(MemberRole.valueOf(policy.getMemberRole())) >= 0) {
      return Code.OK;
    }
    // What is in the trash is not there for those who may not bring it back.
    return method.getName().startsWith("Undelete") ? Code.NOT_FOUND : Code.PERMISSION_DENIED;
  }

  private static Policy policy(MethodDescriptor method) {
    return method.getOptions().getExtension(AnnotationsProto.policy);
  }

  private static Code call(Channel channel, MethodDescriptor method, About about) {
    try {
      new AnyCall(method).by(channel, about);
      return Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  private static String describe(Channel channel, MethodDescriptor method, About about) {
    try {
      return new AnyCall(method).by(channel, about).toString();
    } catch (StatusRuntimeException e) {
      var status = StatusProto.fromThrowable(e);
      return status.getCode()
          + status.getMessage()
          + status.getDetailsList().stream().filter(any -> any.is(ErrorInfo.class)).toList();
    }
  }
}
