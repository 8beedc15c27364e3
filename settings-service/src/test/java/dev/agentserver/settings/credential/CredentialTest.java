package dev.agentserver.settings.credential;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.test.TestIdentity;
import dev.agentserver.settings.Person;
import dev.agentserver.settings.ServiceTest;
import dev.agentserver.settings.v1.CreateCredentialRequest;
import dev.agentserver.settings.v1.Credential;
import dev.agentserver.settings.v1.CredentialServiceGrpc;
import dev.agentserver.settings.v1.CredentialServiceGrpc.CredentialServiceBlockingStub;
import dev.agentserver.settings.v1.ListCredentialsRequest;
import dev.agentserver.settings.v1.MasterKeyServiceGrpc;
import dev.agentserver.settings.v1.MasterKeyServiceGrpc.MasterKeyServiceBlockingStub;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;

/// A tenant with a provider for each test, and what every test about credentials does.
abstract class CredentialTest extends ServiceTest {
  protected Person owner;
  protected UUID provider;
  protected CredentialServiceBlockingStub credentials;

  @BeforeEach
  void newTenant() {
    owner = service.person(UUID.randomUUID(), "TENANT_OWNER");
    provider = provider("anthropic");
    credentials = CredentialServiceGrpc.newBlockingStub(owner.channel());
  }

  protected UUID tenantId() {
    return owner.caller().tenantId();
  }

  protected UUID provider(String name) {
    return row("provider", name);
  }

  protected UUID integration(String name) {
    return row("integration", name);
  }

  private UUID row(String table, String name) {
    var id = UUID.randomUUID();
    service.sql(
        """
        insert into %s (tenant_id, id, name, display_name, base_url, active, version, created_at, updated_at)
        values ('%s', '%s', '%s', '', '', true, 1, now(), now())
        """
            .formatted(table, tenantId(), id, name));
    return id;
  }

  protected Credential create(String field, String value) {
    return create(Credential.newBuilder().setProviderId(provider.toString()), field, value);
  }

  protected Credential create(Credential.Builder draft, String field, String value) {
    return credentials.createCredential(
        CreateCredentialRequest.newBuilder()
            .setCredential(draft.setField(field).setValue(value))
            .setRequestId(UUID.randomUUID().toString())
            .build());
  }

  protected List<Credential> list() {
    return credentials
        .listCredentials(ListCredentialsRequest.getDefaultInstance())
        .getCredentialsList();
  }

  /// What other parts of the service get.
  protected String open(Credential credential) {
    return service
        .credentials()
        .open(tenantId(), UUID.fromString(credential.getId()))
        .value()
        .value();
  }

  /// By who runs the platform.
  protected MasterKeyServiceBlockingStub masterKeys() {
    return MasterKeyServiceGrpc.newBlockingStub(service.as(platform()).channel());
  }

  protected Caller platform() {
    var known = service.column("select tenant_id from organization where platform");
    if (known.isEmpty()) {
      return service.register(TestIdentity.user(UUID.randomUUID(), "PLATFORM_ADMIN")).caller();
    }
    return TestIdentity.user(UUID.fromString(known.getFirst()), "PLATFORM_ADMIN");
  }
}
