package dev.agentserver.settings.model;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.settings.registry.RegistryTest;
import dev.agentserver.settings.v1.CreateModelRequest;
import dev.agentserver.settings.v1.CreateProviderRequest;
import dev.agentserver.settings.v1.DeleteModelRequest;
import dev.agentserver.settings.v1.DeleteProviderRequest;
import dev.agentserver.settings.v1.GetModelRequest;
import dev.agentserver.settings.v1.GetProviderRequest;
import dev.agentserver.settings.v1.ListModelsRequest;
import dev.agentserver.settings.v1.ListProvidersRequest;
import dev.agentserver.settings.v1.Model;
import dev.agentserver.settings.v1.Provider;
import dev.agentserver.settings.v1.UpdateModelRequest;
import dev.agentserver.settings.v1.UpdateProviderRequest;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelRpcTest extends RegistryTest {
  /// What the platform has, everybody has.
  @AfterEach
  void emptyPlatform() {
    var providers = providers(platform());
    providers
        .listProviders(ListProvidersRequest.getDefaultInstance())
        .getProvidersList()
        .forEach(
            each ->
                providers.deleteProvider(
                    DeleteProviderRequest.newBuilder().setProviderId(each.getId()).build()));
  }

  @Test
  void whatWasMadeIsReadChangedAndDeleted() {
    var id = UUID.randomUUID().toString();
    var acme =
        providers(owner)
            .createProvider(
                CreateProviderRequest.newBuilder()
                    .setProvider(
                        Provider.newBuilder()
                            .setId(id)
                            .setName("acme")
                            .setDisplayName("Acme")
                            .setBaseUrl("https://api.acme.example/v1"))
                    .build());
    assertThat(acme.getId()).isEqualTo(id);
    assertThat(acme.getActive()).isTrue();
    assertThat(acme.getPlatform()).isFalse();
    assertThat(acme.getEtag()).isEqualTo("1");
    assertThat(get(acme)).isEqualTo(acme);
    var made =
        models(owner)
            .createModel(
                CreateModelRequest.newBuilder()
                    .setModel(
                        Model.newBuilder()
                            .setProviderId(id)
                            .setName("large-1")
                            .setDisplayName("Large")
                            .setContextWindow(200_000)
                            .setMaxOutputTokens(8_192)
                            .addCapabilities("vision")
                            .addCapabilities("tool_use"))
                    .build());
    assertThat(made.getProviderName()).isEqualTo("acme");
    assertThat(made.getCapabilitiesList()).containsExactly("vision", "tool_use");
    assertThat(get(made)).isEqualTo(made);
    var changed = update(made.toBuilder().setContextWindow(1_000_000).setDisplayName("Larger"));
    assertThat(changed)
        .isEqualTo(
            made.toBuilder()
                .setContextWindow(1_000_000)
                .setDisplayName("Larger")
                .setUpdatedAt(changed.getUpdatedAt())
                .setEtag("2")
                .build());
    assertThat(update(changed.toBuilder())).isEqualTo(changed);
    assertThat(audited(owner, "CreateProvider", id)).hasSize(1);
    assertThat(audited(owner, "UpdateModel", made.getId())).hasSize(1);
    models(owner).deleteModel(DeleteModelRequest.newBuilder().setModelId(made.getId()).build());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(made));
    assertThat(audited(owner, "DeleteModel", made.getId())).hasSize(1);
  }

  @Test
  void aMaskNamesWhatIsChanged() {
    var acme = provider(owner, "acme");
    var request =
        UpdateProviderRequest.newBuilder()
            .setProvider(Provider.newBuilder().setId(acme.getId()).setDisplayName("Acme"));
    assertThat(providers(owner).updateProvider(request.build()).getDisplayName()).isEqualTo("Acme");
    request.getProviderBuilder().setDisplayName("").setActive(false);
    var off = providers(owner).updateProvider(request.setUpdateMask(mask("active")).build());
    assertThat(off.getActive()).isFalse();
    assertThat(off.getDisplayName()).isEqualTo("Acme");
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> providers(owner).updateProvider(request.setUpdateMask(mask("name")).build()))
        .field("update_mask");
    var renamed =
        UpdateProviderRequest.newBuilder().setProvider(off.toBuilder().setName("other")).build();
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> providers(owner).updateProvider(renamed))
        .field("provider.name");
  }

  @Test
  void whoHasSeenAnotherStateIsToldSo() {
    var acme = provider(owner, "acme");
    var model = model(owner, acme, "m");
    update(model.toBuilder().setDisplayName("x"));
    assertProblem(
            Code.ABORTED, "STALE_VERSION", () -> update(model.toBuilder().setDisplayName("y")))
        .containsEntry("etag", "2");
    assertProblem(
        Code.ABORTED,
        "STALE_VERSION",
        () ->
            providers(owner)
                .deleteProvider(
                    DeleteProviderRequest.newBuilder()
                        .setProviderId(acme.getId())
                        .setEtag("7")
                        .build()));
  }

  @Test
  void namesAreTakenOnce() {
    var acme = provider(owner, "acme");
    model(owner, acme, "m");
    model(owner, provider(owner, "other"), "m");
    assertProblem(Code.ALREADY_EXISTS, "ALREADY_EXISTS", () -> provider(owner, "acme"));
    assertProblem(Code.ALREADY_EXISTS, "ALREADY_EXISTS", () -> model(owner, acme, "m"));
    assertProblem(
            Code.NOT_FOUND,
            "NOT_FOUND",
            () ->
                model(
                    owner, Provider.newBuilder().setId(UUID.randomUUID().toString()).build(), "m"))
        .containsEntry("resource", "provider");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "acme.example",
        "ftp://acme.example",
        "https://user:secret@acme.example",
        "https://acme.example/#part",
        "https://acme.example:70000",
        "file:///etc/passwd",
        "https://a b"
      })
  void aBaseUrlIsOneOfHttp(String url) {
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () ->
                providers(owner)
                    .createProvider(
                        CreateProviderRequest.newBuilder()
                            .setProvider(Provider.newBuilder().setName("acme").setBaseUrl(url))
                            .build()))
        .field("provider.base_url");
  }

  @Test
  void aDeletedProviderTakesItsModelsAlong() {
    var acme = provider(owner, "acme");
    model(owner, acme, "m");
    providers(owner)
        .deleteProvider(DeleteProviderRequest.newBuilder().setProviderId(acme.getId()).build());
    assertThat(offered(owner)).isEmpty();
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(acme));
  }

  @Test
  void aRetryMakesOneOfThem() {
    var request =
        CreateProviderRequest.newBuilder()
            .setProvider(Provider.newBuilder().setName("acme"))
            .setRequestId("r")
            .build();
    var first = providers(owner).createProvider(request);
    assertThat(providers(owner).createProvider(request)).isEqualTo(first);
    var model =
        CreateModelRequest.newBuilder()
            .setModel(Model.newBuilder().setProviderId(first.getId()).setName("m"))
            .setRequestId("r")
            .build();
    assertThat(models(owner).createModel(model)).isEqualTo(models(owner).createModel(model));
    assertThat(offered(owner)).containsExactly("acme/m");
  }

  @Test
  void pagesAreInTheOrderOfTheNames() {
    var zoo = provider(owner, "zoo");
    var acme = provider(owner, "acme");
    for (var name : List.of("c", "a", "b")) {
      model(owner, zoo, name);
      model(owner, acme, name);
    }
    var all = List.of("acme/a", "acme/b", "acme/c", "zoo/a", "zoo/b", "zoo/c");
    for (var size = 1; size <= all.size() + 1; size++) {
      assertThat(walk(size, "")).as("pages of " + size).isEqualTo(all);
    }
    assertThat(walk(2, "zoo")).isEqualTo(all.subList(3, 6));
    var page =
        providers(owner).listProviders(ListProvidersRequest.newBuilder().setPageSize(1).build());
    assertThat(page.getProvidersList()).containsExactly(acme);
    var rest =
        providers(owner)
            .listProviders(
                ListProvidersRequest.newBuilder().setPageToken(page.getNextPageToken()).build());
    assertThat(rest.getProvidersList()).containsExactly(zoo);
    assertThat(rest.getNextPageToken()).isEmpty();
  }

  @Test
  void whatIsNotInUseIsNotOffered() {
    var acme = provider(owner, "acme");
    var model = model(owner, acme, "m");
    update(model.toBuilder().setActive(false));
    assertThat(offered(owner)).isEmpty();
    var all = ListModelsRequest.newBuilder().setIncludeInactive(true).build();
    assertThat(models(owner).listModels(all).getModelsList()).hasSize(1);
    update(get(model).toBuilder().setActive(true));
    assertThat(offered(owner)).containsExactly("acme/m");
    use(acme, false);
    assertThat(offered(owner)).isEmpty();
    assertThat(models(owner).listModels(all).getModelsList()).hasSize(1);
  }

  @Test
  void thePlatformsModelsLieBeneathThoseOfEveryTenant() {
    var platform = platform();
    var name = "house";
    var beneath = provider(platform, name);
    model(platform, beneath, "one");
    var two = model(platform, beneath, "two");
    assertThat(walk(100, name)).containsExactly(name + "/one", name + "/two");
    assertThat(get(two).getPlatform()).isTrue();
    assertThat(get(beneath).getPlatform()).isTrue();
    // The tenant's own of the same name lies above.
    var own = provider(owner, name);
    var mine = model(owner, own, "two");
    assertThat(walk(100, name)).containsExactly(name + "/one", name + "/two");
    var request = ListModelsRequest.newBuilder().setProviderName(name).build();
    assertThat(models(owner).listModels(request).getModels(1)).isEqualTo(mine);
    update(mine.toBuilder().setActive(false));
    assertThat(walk(100, name)).containsExactly(name + "/one");
    use(own, false);
    assertThat(walk(100, name)).isEmpty();
    assertThat(models(platform).listModels(request).getModelsList()).hasSize(2);
  }

  @Test
  void nobodyElseChangesWhatIsThePlatforms() {
    var beneath = provider(platform(), "house");
    var model = model(platform(), beneath, "m");
    assertProblem(
        Code.NOT_FOUND, "NOT_FOUND", () -> update(model.toBuilder().setDisplayName("mine")));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> model(owner, beneath, "n"));
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () ->
            models(owner)
                .deleteModel(DeleteModelRequest.newBuilder().setModelId(model.getId()).build()));
  }

  @Test
  void whatIsAnotherTenantsIsNotThere() {
    var acme = provider(owner, "acme");
    var model = model(owner, acme, "m");
    owner = service.person(UUID.randomUUID(), "TENANT_OWNER");
    assertThat(offered(owner)).doesNotContain("acme/m");
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(acme));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(model));
    assertProblem(
        Code.NOT_FOUND, "NOT_FOUND", () -> update(model.toBuilder().setDisplayName("mine")));
  }

  @Test
  void aTenantMayHaveAHundredProviders() {
    service.sql(
        """
        insert into provider (tenant_id, id, name, display_name, base_url, active, version, created_at, updated_at)
        select '%s', gen_random_uuid(), 'p' || n, '', '', true, 1, now(), now() from generate_series(1, 99) n
        """
            .formatted(owner.caller().tenantId()));
    provider(owner, "last");
    assertProblem(Code.RESOURCE_EXHAUSTED, "TOO_MANY", () -> provider(owner, "one-too-many"))
        .containsEntry("limit", "100");
  }

  private Provider get(Provider provider) {
    return providers(owner)
        .getProvider(GetProviderRequest.newBuilder().setProviderId(provider.getId()).build());
  }

  private Model get(Model model) {
    return models(owner).getModel(GetModelRequest.newBuilder().setModelId(model.getId()).build());
  }

  private Model update(Model.Builder model) {
    return models(owner).updateModel(UpdateModelRequest.newBuilder().setModel(model).build());
  }

  private void use(Provider provider, boolean active) {
    providers(owner)
        .updateProvider(
            UpdateProviderRequest.newBuilder()
                .setProvider(Provider.newBuilder().setId(provider.getId()).setActive(active))
                .build());
  }

  private List<String> walk(int size, String provider) {
    var names = new ArrayList<String>();
    var request =
        ListModelsRequest.newBuilder().setPageSize(size).setProviderName(provider).build();
    while (true) {
      var page = models(owner).listModels(request);
      page.getModelsList()
          .forEach(each -> names.add(each.getProviderName() + "/" + each.getName()));
      if (page.getNextPageToken().isEmpty()) {
        return names;
      }
      request = request.toBuilder().setPageToken(page.getNextPageToken()).build();
    }
  }
}
