package dev.agentserver.settings.registry;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.test.TestIdentity;
import dev.agentserver.settings.Person;
import dev.agentserver.settings.ServiceTest;
import dev.agentserver.settings.v1.CreateIntegrationRequest;
import dev.agentserver.settings.v1.CreateModelRequest;
import dev.agentserver.settings.v1.CreateProviderRequest;
import dev.agentserver.settings.v1.CreateToolRequest;
import dev.agentserver.settings.v1.Integration;
import dev.agentserver.settings.v1.IntegrationServiceGrpc;
import dev.agentserver.settings.v1.IntegrationServiceGrpc.IntegrationServiceBlockingStub;
import dev.agentserver.settings.v1.ListModelsRequest;
import dev.agentserver.settings.v1.Model;
import dev.agentserver.settings.v1.ModelServiceGrpc;
import dev.agentserver.settings.v1.ModelServiceGrpc.ModelServiceBlockingStub;
import dev.agentserver.settings.v1.Provider;
import dev.agentserver.settings.v1.ProviderServiceGrpc;
import dev.agentserver.settings.v1.ProviderServiceGrpc.ProviderServiceBlockingStub;
import dev.agentserver.settings.v1.Tool;
import dev.agentserver.settings.v1.ToolServiceGrpc;
import dev.agentserver.settings.v1.ToolServiceGrpc.ToolServiceBlockingStub;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;

/// A tenant of its own for each test, and what every test about the registry does.
public abstract class RegistryTest extends ServiceTest {
  protected Person owner;

  @BeforeEach
  void newTenant() {
    owner = service.person(UUID.randomUUID(), "TENANT_OWNER");
  }

  protected static ProviderServiceBlockingStub providers(Person by) {
    return ProviderServiceGrpc.newBlockingStub(by.channel());
  }

  protected static ModelServiceBlockingStub models(Person by) {
    return ModelServiceGrpc.newBlockingStub(by.channel());
  }

  protected static IntegrationServiceBlockingStub integrations(Person by) {
    return IntegrationServiceGrpc.newBlockingStub(by.channel());
  }

  protected static ToolServiceBlockingStub tools(Person by) {
    return ToolServiceGrpc.newBlockingStub(by.channel());
  }

  /// The owner of the platform's tenant, which there is one of.
  protected Person platform() {
    var known =
        service.column(
            "select tenant_id || ' ' || user_id from organization join user_account using"
                + " (tenant_id) where platform");
    if (known.isEmpty()) {
      return service.register(platformOwner(UUID.randomUUID(), UUID.randomUUID()));
    }
    var ids = known.getFirst().split(" ");
    return service.as(platformOwner(UUID.fromString(ids[0]), UUID.fromString(ids[1])));
  }

  private static Caller platformOwner(UUID tenant, UUID user) {
    return TestIdentity.user(tenant, user, "PLATFORM_ADMIN", "TENANT_OWNER");
  }

  protected static Provider provider(Person by, String name) {
    return providers(by)
        .createProvider(
            CreateProviderRequest.newBuilder()
                .setProvider(Provider.newBuilder().setName(name))
                .build());
  }

  protected static Model model(Person by, Provider provider, String name) {
    return models(by)
        .createModel(
            CreateModelRequest.newBuilder()
                .setModel(Model.newBuilder().setProviderId(provider.getId()).setName(name))
                .build());
  }

  protected static Integration integration(Person by, Integration.Builder integration) {
    return integrations(by)
        .createIntegration(
            CreateIntegrationRequest.newBuilder().setIntegration(integration).build());
  }

  protected static Tool tool(Person by, Tool.Builder tool) {
    return tools(by).createTool(CreateToolRequest.newBuilder().setTool(tool).build());
  }

  /// What somebody can choose, as "provider/model".
  protected static List<String> offered(Person by) {
    return models(by).listModels(ListModelsRequest.getDefaultInstance()).getModelsList().stream()
        .map(each -> each.getProviderName() + "/" + each.getName())
        .toList();
  }

  protected static Struct json(String text) {
    var struct = Struct.newBuilder();
    try {
      JsonFormat.parser().merge(text, struct);
    } catch (InvalidProtocolBufferException notJson) {
      throw new AssertionError(notJson);
    }
    return struct.build();
  }
}
