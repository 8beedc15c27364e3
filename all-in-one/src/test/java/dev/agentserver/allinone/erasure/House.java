package dev.agentserver.allinone.erasure;

import dev.agentserver.allinone.Child;
import dev.agentserver.conversation.v1.AppendMessageRequest;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationServiceGrpc;
import dev.agentserver.conversation.v1.ConversationServiceGrpc.ConversationServiceBlockingStub;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.CreateMessageRequest;
import dev.agentserver.conversation.v1.Delta;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import dev.agentserver.conversation.v1.MessageServiceGrpc.MessageServiceBlockingStub;
import dev.agentserver.conversation.v1.MessageStreamServiceGrpc;
import dev.agentserver.conversation.v1.MessageStreamServiceGrpc.MessageStreamServiceBlockingStub;
import dev.agentserver.file.s3.S3Config;
import dev.agentserver.file.s3.S3ObjectStore;
import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.identity.ApiKey;
import dev.agentserver.kit.identity.IssuedToken;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.FreePort;
import dev.agentserver.kit.test.TestDatabase;
import dev.agentserver.objectstore.EmbeddedObjectStore;
import dev.agentserver.settings.bootstrap.Bootstrap;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.DeleteOrganizationRequest;
import dev.agentserver.settings.v1.DeleteUserRequest;
import dev.agentserver.settings.v1.Erasure;
import dev.agentserver.settings.v1.ExchangeTokenRequest;
import dev.agentserver.settings.v1.GetErasureRequest;
import dev.agentserver.settings.v1.OnBehalfOf;
import dev.agentserver.settings.v1.OrganizationServiceGrpc;
import dev.agentserver.settings.v1.UserServiceGrpc;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The services that keep anything of users as they run, each with a database of its own, on ports
/// that stay theirs when they are stopped and started again.
final class House implements AutoCloseable {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

  private final SecureRandom random = new SecureRandom();
  private final ApiKey platformKey = ApiKey.generate("dev", random);
  private final ApiKey credential = ApiKey.generate("service", random);
  private final TestDatabase settingsDatabase = TestDatabase.fresh("settings");
  private final TestDatabase conversationDatabase = TestDatabase.fresh("conversation");
  private final TestDatabase agentRunDatabase = TestDatabase.fresh("agent_run");
  private final int settingsPort = FreePort.find();
  private final int conversationPort = FreePort.find();
  private final int agentRunPort = FreePort.find();
  private final int filePort = FreePort.find();
  private final ManagedChannel toSettings = channel(settingsPort);
  private final ManagedChannel toConversation = channel(conversationPort);
  private dev.agentserver.settings.@Nullable Wiring settings;
  private dev.agentserver.conversation.@Nullable Wiring conversation;
  private final dev.agentserver.agentrun.Wiring agentRun;
  private final TestDatabase fileDatabase = TestDatabase.fresh("file");
  private final EmbeddedObjectStore objects;
  private final dev.agentserver.file.Wiring file;

  House() {
    startSettings();
    startConversation();
    agentRun =
        dev.agentserver.agentrun.Wiring.start(
            dev.agentserver.agentrun.Config.from(Environment.of(ofAgentRun())));
    objects = EmbeddedObjectStore.start(directory(), 0, "test", "test-secret");
    file =
        dev.agentserver.file.Wiring.start(
            dev.agentserver.file.Config.from(Environment.of(ofOthers(fileDatabase, filePort))),
            store());
  }

  void startSettings() {
    var variables = variables(settingsDatabase.config(), settingsPort);
    variables.put("SETTINGS_KEY", KEY);
    variables.put("KEY_PEPPER", KEY);
    settings =
        dev.agentserver.settings.Wiring.start(
            dev.agentserver.settings.Config.from(Environment.of(variables)));
  }

  void stopSettings() {
    settings.close();
    settings = null;
  }

  void startConversation() {
    conversation =
        dev.agentserver.conversation.Wiring.start(
            dev.agentserver.conversation.Config.from(Environment.of(ofConversation())));
  }

  void stopConversation() {
    conversation.close();
    conversation = null;
  }

  /// conversation-service as a process of its own, which can be killed.
  Child startConversationProcess(Path output) throws IOException {
    return Child.start(dev.agentserver.conversation.Main.class, ofConversation(), output);
  }

  int conversationAdminPort() {
    return conversation.adminPort();
  }

  private Map<String, String> ofConversation() {
    var variables = variables(conversationDatabase.config(), conversationPort);
    variables.put("ACCESS_TARGET", "static:127.0.0.1:" + settingsPort);
    variables.put("SERVICE_CREDENTIAL", credential.format());
    variables.put("STREAM_HEARTBEAT", "200ms");
    variables.put("AGENT_RUN_TARGET", "static:127.0.0.1:" + agentRunPort);
    variables.put("FILE_TARGET", "static:127.0.0.1:" + filePort);
    return variables;
  }

  private static Path directory() {
    try {
      return Files.createTempDirectory("objects");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private S3ObjectStore store() {
    var environment =
        Environment.of(
            Map.of(
                "FILE_S3_ENDPOINT", objects.endpoint().toString(),
                "FILE_S3_ACCESS_KEY", "test",
                "FILE_S3_SECRET_KEY", "test-secret"));
    return new S3ObjectStore(S3Config.from(environment), Clock.systemUTC());
  }

  private Map<String, String> ofAgentRun() {
    return ofOthers(agentRunDatabase, agentRunPort);
  }

  private Map<String, String> ofOthers(TestDatabase database, int port) {
    var variables = variables(database.config(), port);
    variables.put("ACCESS_TARGET", "static:127.0.0.1:" + settingsPort);
    variables.put("CONVERSATION_TARGET", "static:127.0.0.1:" + conversationPort);
    variables.put("AGENT_RUN_TARGET", "static:127.0.0.1:" + agentRunPort);
    variables.put("FILE_TARGET", "static:127.0.0.1:" + filePort);
    variables.put("SERVICE_CREDENTIAL", credential.format());
    return variables;
  }

  private static Map<String, String> variables(DatabaseConfig database, int port) {
    return new HashMap<>(
        Map.of(
            "PORT",
            Integer.toString(port),
            "ADMIN_PORT",
            "0",
            "DRAIN_TIMEOUT",
            "0s",
            "DB_URL",
            database.url(),
            "DB_USER",
            database.runtimeUser(),
            "DB_PASSWORD",
            database.runtimePassword().value(),
            "DB_OWNER_USER",
            database.ownerUser(),
            "DB_OWNER_PASSWORD",
            database.ownerPassword().value()));
  }

  TestDatabase conversationDatabase() {
    return conversationDatabase;
  }

  TestDatabase settingsDatabase() {
    return settingsDatabase;
  }

  /// A tenant and its owner, whose key this is.
  record Tenant(UUID id, UUID ownerId, String ownerKey) {}

  Tenant tenant() {
    var key = ApiKey.generate("dev", random);
    var tenant = new Bootstrap.Tenant(UUID.randomUUID(), "test", UUID.randomUUID(), key);
    settings.bootstrap().development(List.of(tenant), platformKey, credential);
    return new Tenant(tenant.id(), tenant.ownerId(), key.format());
  }

  /// Somebody who chats.
  record Person(UUID tenantId, UUID id, String token, Channel channel) {
    ConversationServiceBlockingStub conversations() {
      return ConversationServiceGrpc.newBlockingStub(channel);
    }

    MessageServiceBlockingStub messages() {
      return MessageServiceGrpc.newBlockingStub(channel);
    }

    MessageStreamServiceBlockingStub streams() {
      return MessageStreamServiceGrpc.newBlockingStub(channel);
    }

    Conversation converse(String title) {
      return conversations()
          .createConversation(
              CreateConversationRequest.newBuilder()
                  .setTitle(title)
                  .setRequestId(UUID.randomUUID().toString())
                  .build());
    }

    Message say(String conversationId, String text) {
      return messages()
          .createMessage(
              CreateMessageRequest.newBuilder()
                  .setConversationId(conversationId)
                  .setRole(Message.Role.user)
                  .setContent(text)
                  .setRequestId(UUID.randomUUID().toString())
                  .build());
    }

    /// Begins an answer, and does not end it.
    Message begin(String conversationId, String text) {
      var stream =
          streams()
              .beginMessage(
                  BeginMessageRequest.newBuilder()
                      .setConversationId(conversationId)
                      .setRole(Message.Role.assistant)
                      .setRequestId(UUID.randomUUID().toString())
                      .build());
      streams()
          .appendMessage(
              AppendMessageRequest.newBuilder()
                  .setMessageId(stream.getMessage().getId())
                  .setWriterEpoch(stream.getWriterEpoch())
                  .addDeltas(Delta.newBuilder().setText(text))
                  .build());
      return stream.getMessage();
    }
  }

  Person person(Tenant tenant, String name) {
    var request =
        ExchangeTokenRequest.newBuilder()
            .setApiKey(tenant.ownerKey())
            .setOnBehalfOf(
                OnBehalfOf.newBuilder().setExternalSubject(name).setName(name).addRoles("MEMBER"))
            .build();
    var token =
        AccessServiceGrpc.newBlockingStub(toSettings)
            .withWaitForReady()
            .exchangeToken(request)
            .getAccessToken();
    var id = IssuedToken.of(token).caller().principalId();
    return new Person(tenant.id(), id, token, as(toConversation, token));
  }

  /// Makes somebody a member who became one that many days ago.
  void join(Conversation conversation, Person person, String role, int days) {
    conversationDatabase.sql(
        """
        insert into conversation_member (tenant_id, conversation_id, user_id, role, last_activity_at, changed_at, joined_at)
        values ('%s', '%s', '%s', '%s', now(), clock_timestamp(), now() - interval '%d days')"""
            .formatted(person.tenantId(), conversation.getId(), person.id(), role, days));
  }

  Erasure erase(Tenant tenant, Person person) {
    return UserServiceGrpc.newBlockingStub(as(toSettings, tenant.ownerKey()))
        .withWaitForReady()
        .deleteUser(DeleteUserRequest.newBuilder().setUserId(person.id().toString()).build());
  }

  Erasure erase(Tenant tenant) {
    return OrganizationServiceGrpc.newBlockingStub(as(toSettings, platformKey.format()))
        .withWaitForReady()
        .deleteOrganization(
            DeleteOrganizationRequest.newBuilder()
                .setOrganizationId(tenant.id().toString())
                .build());
  }

  Erasure erasure(Erasure erasure) {
    return UserServiceGrpc.newBlockingStub(as(toSettings, platformKey.format()))
        .withWaitForReady()
        .getErasure(GetErasureRequest.newBuilder().setErasureId(erasure.getId()).build());
  }

  Erasure awaitComplete(Erasure begun) {
    Await.until("the erasure is complete", () -> erasure(begun).getComplete());
    return erasure(begun);
  }

  /// Time passes until nobody can have written any more, and whoever died is missed.
  void later() {
    conversationDatabase.sql(
        "update erasure_task set due_at = now(), requested_at = requested_at - interval '1 hour'");
  }

  /// Waits until conversation-service answers.
  void awaitConversation(Person person) {
    Await.until(
        "conversation-service answers",
        () -> {
          try {
            person
                .conversations()
                .listConversations(
                    dev.agentserver.conversation.v1.ListConversationsRequest.getDefaultInstance());
            return true;
          } catch (StatusRuntimeException away) {
            return false;
          }
        });
  }

  private static Channel as(Channel channel, String bearer) {
    var headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + bearer);
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static ManagedChannel channel(int port) {
    return Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create()).build();
  }

  @Override
  public void close() {
    toConversation.shutdownNow();
    toSettings.shutdownNow();
    agentRun.close();
    if (conversation != null) {
      conversation.close();
    }
    if (settings != null) {
      settings.close();
    }
    file.close();
    objects.close();
    fileDatabase.close();
    agentRunDatabase.close();
    conversationDatabase.close();
    settingsDatabase.close();
  }
}
