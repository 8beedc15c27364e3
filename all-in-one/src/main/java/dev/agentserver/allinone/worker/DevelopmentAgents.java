package dev.agentserver.allinone.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.util.Structs;
import com.google.protobuf.util.Values;
import dev.agentserver.agentrun.v1.Agent;
import dev.agentserver.agentrun.v1.AgentConfig;
import dev.agentserver.agentrun.v1.AgentServiceGrpc;
import dev.agentserver.agentrun.v1.CreateAgentRequest;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The agents of development: 'Echo', and 'Assistant' where there is a model. Their ids are the
/// same at every start, so that they are made once.
public final class DevelopmentAgents {
  /// Where their runs wait, apart from those of everybody else.
  static final String QUEUE = "reference";

  private static final Logger LOG = LoggerFactory.getLogger(DevelopmentAgents.class);
  private static final long SECONDS = 20;

  private final int port;
  private final String key;
  private final UUID tenantId;

  /// @param port of agent-run-service
  /// @param key of the tenant's owner
  public DevelopmentAgents(int port, String key, UUID tenantId) {
    this.port = port;
    this.key = key;
    this.tenantId = tenantId;
  }

  /// The id of 'Echo'.
  public static UUID echo(UUID tenantId) {
    return id(tenantId, "Echo");
  }

  private static UUID id(UUID tenantId, String name) {
    return UUID.nameUUIDFromBytes((tenantId + "/agent/" + name).getBytes(UTF_8));
  }

  /// Sees to it that they are there. What somebody has made of them since stays.
  public void makeKnown(boolean withModel) {
    var channel =
        Grpc.newChannelBuilderForAddress("127.0.0.1", port, InsecureChannelCredentials.create())
            .build();
    var headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + key);
    try {
      var agents =
          AgentServiceGrpc.newBlockingStub(
                  ClientInterceptors.intercept(
                      channel, MetadataUtils.newAttachHeadersInterceptor(headers)))
              .withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
      make(agents, "Echo", "Says again what was said.", "echo");
      if (withModel) {
        make(agents, "Assistant", "Answers with the model of --model-url.", "model");
      }
    } catch (StatusRuntimeException failure) {
      LOG.warn("the agents of development could not be made: {}", failure.getStatus());
    } finally {
      channel.shutdownNow();
    }
  }

  private void make(
      AgentServiceGrpc.AgentServiceBlockingStub agents,
      String name,
      String description,
      String behavior) {
    var agent =
        Agent.newBuilder()
            .setId(id(tenantId, name).toString())
            .setName(name)
            .setDescription(description)
            .setVisibility(Agent.Visibility.VISIBILITY_TENANT)
            .setConfig(
                AgentConfig.newBuilder()
                    .setSettings(
                        Structs.of("queue", Values.of(QUEUE), "behavior", Values.of(behavior))));
    try {
      agents.createAgent(CreateAgentRequest.newBuilder().setAgent(agent).build());
    } catch (StatusRuntimeException failure) {
      if (failure.getStatus().getCode() != Code.ALREADY_EXISTS) {
        throw failure;
      }
    }
  }
}
