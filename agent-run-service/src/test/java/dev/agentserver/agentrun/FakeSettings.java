package dev.agentserver.agentrun;

import dev.agentserver.settings.v1.BatchGetIntegrationsRequest;
import dev.agentserver.settings.v1.BatchGetIntegrationsResponse;
import dev.agentserver.settings.v1.BatchGetToolsRequest;
import dev.agentserver.settings.v1.BatchGetToolsResponse;
import dev.agentserver.settings.v1.Integration;
import dev.agentserver.settings.v1.IntegrationServiceGrpc.IntegrationServiceImplBase;
import dev.agentserver.settings.v1.ListModelsRequest;
import dev.agentserver.settings.v1.ListModelsResponse;
import dev.agentserver.settings.v1.Model;
import dev.agentserver.settings.v1.ModelServiceGrpc.ModelServiceImplBase;
import dev.agentserver.settings.v1.Tool;
import dev.agentserver.settings.v1.ToolServiceGrpc.ToolServiceImplBase;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCall.Listener;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// What agent-run-service asks settings-service, answered from memory over a real connection. Who
/// sends no token is refused.
public final class FakeSettings implements AutoCloseable {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final Map<String, Integration> integrations = new ConcurrentHashMap<>();
  private final List<Model> models = new CopyOnWriteArrayList<>();
  private final Map<String, Tool> tools = new ConcurrentHashMap<>();
  private final Server server;

  private FakeSettings() {
    try {
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
              .addService(new Integrations())
              .addService(new Tools())
              .addService(new Models())
              .addService(new HealthStatusManager().getHealthService())
              .intercept(new Signed())
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static FakeSettings start() {
    return new FakeSettings();
  }

  String target() {
    return "static:127.0.0.1:" + server.getPort();
  }

  /// Connects an integration, in use or not; returns its id.
  public String integration(String name, boolean active) {
    var id = UUID.randomUUID().toString();
    integrations.put(
        id, Integration.newBuilder().setId(id).setName(name).setActive(active).build());
    return id;
  }

  /// Registers a tool; returns its id.
  ///
  /// @param integrationId empty: it belongs to none
  public String tool(String integrationId) {
    var id = UUID.randomUUID().toString();
    tools.put(id, Tool.newBuilder().setId(id).setIntegrationId(integrationId).build());
    return id;
  }

  /// Registers a model with the most tokens of its answers.
  public void model(String provider, String name, int maxOutputTokens) {
    models.add(
        Model.newBuilder()
            .setProviderName(provider)
            .setName(name)
            .setMaxOutputTokens(maxOutputTokens)
            .build());
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private static final class Signed implements ServerInterceptor {
    @Override
    public <Q, R> Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      var health = call.getMethodDescriptor().getFullMethodName().startsWith("grpc.health");
      if (!health && !headers.containsKey(AUTHORIZATION)) {
        call.close(Status.UNAUTHENTICATED, new Metadata());
        return new Listener<>() {};
      }
      return next.startCall(call, headers);
    }
  }

  private final class Integrations extends IntegrationServiceImplBase {
    @Override
    public void batchGetIntegrations(
        BatchGetIntegrationsRequest request,
        StreamObserver<BatchGetIntegrationsResponse> observer) {
      var found =
          integrations.values().stream()
              .filter(
                  each ->
                      request.getIdsList().contains(each.getId())
                          || request.getNamesList().contains(each.getName()))
              .toList();
      observer.onNext(BatchGetIntegrationsResponse.newBuilder().addAllIntegrations(found).build());
      observer.onCompleted();
    }
  }

  /// A page has one model.
  private final class Models extends ModelServiceImplBase {
    @Override
    public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> observer) {
      var found =
          models.stream()
              .filter(each -> each.getProviderName().equals(request.getProviderName()))
              .toList();
      var at = request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
      var reply = ListModelsResponse.newBuilder();
      found.stream().skip(at).limit(1).forEach(reply::addModels);
      observer.onNext(
          reply.setNextPageToken(at + 1 < found.size() ? Integer.toString(at + 1) : "").build());
      observer.onCompleted();
    }
  }

  private final class Tools extends ToolServiceImplBase {
    @Override
    public void batchGetTools(
        BatchGetToolsRequest request, StreamObserver<BatchGetToolsResponse> observer) {
      var reply = BatchGetToolsResponse.newBuilder();
      for (var reference : request.getToolsList()) {
        var tool = tools.get(reference.getId());
        if (tool == null) {
          reply.addMissing(reference);
        } else {
          reply.addTools(tool);
        }
      }
      observer.onNext(reply.build());
      observer.onCompleted();
    }
  }
}
