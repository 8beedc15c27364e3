package dev.agentserver.settings.credential;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.util.Timestamps;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.settings.Live;
import dev.agentserver.settings.v1.BatchGetCredentialsRequest;
import dev.agentserver.settings.v1.CreateCredentialRequest;
import dev.agentserver.settings.v1.Credential;
import dev.agentserver.settings.v1.CredentialServiceGrpc;
import dev.agentserver.settings.v1.DeleteCredentialRequest;
import dev.agentserver.settings.v1.GetCredentialRequest;
import dev.agentserver.settings.v1.ListCredentialsRequest;
import dev.agentserver.settings.v1.UpdateCredentialRequest;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CredentialRpcTest extends CredentialTest {
  private static final String OTHER_KEY = "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=";

  private Credential get(String id) {
    return credentials.getCredential(GetCredentialRequest.newBuilder().setCredentialId(id).build());
  }

  private Credential update(Credential.Builder credential, String... paths) {
    return credentials.updateCredential(
        UpdateCredentialRequest.newBuilder()
            .setCredential(credential)
            .setUpdateMask(mask(paths))
            .build());
  }

  @Test
  void itIsMaskedForPeopleAndInClearForTheService() {
    var made = create("api_key", "sk-ant-0123456789");
    assertThat(made.getValue()).isEmpty();
    assertThat(made.getLastFour()).isEqualTo("6789");
    assertThat(made.getState()).isEqualTo(Credential.State.STATE_ACTIVE);
    assertThat(made.getProviderId()).isEqualTo(provider.toString());
    assertThat(get(made.getId())).isEqualTo(made);
    assertThat(list()).containsExactly(made);
    assertThat(open(made)).isEqualTo("sk-ant-0123456789");
    assertThat(service.credentials().ofProvider(tenantId(), provider))
        .extracting(each -> each.id().toString())
        .containsExactly(made.getId());
    // Four characters of a short one would be too much of it.
    assertThat(create("pin", "hunter2!").getLastFour()).isEmpty();
    assertThat(audited(owner, "CreateCredential", made.getId())).containsExactly("DONE: field");
  }

  @Test
  void anIntegrationHasItsOwnAndTheyGoWithIt() {
    var integration = integration("jira");
    var draft = Credential.newBuilder().setIntegrationId(integration.toString());
    var made = create(draft, "token", "a-token-of-jira");
    create("api_key", "sk-ant-0123456789");
    assertThat(
            credentials
                .listCredentials(
                    ListCredentialsRequest.newBuilder()
                        .setIntegrationId(integration.toString())
                        .build())
                .getCredentialsList())
        .containsExactly(made);
    assertThat(service.credentials().ofIntegration(tenantId(), integration)).hasSize(1);
    service.sql("delete from integration where id = '" + integration + "'");
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(made.getId()));
    assertThat(list()).hasSize(1);
  }

  @Test
  void whatIsNotThereOrOfAnotherTenantIsNotFound() {
    var made = create("api_key", "sk-ant-0123456789");
    var nowhere = Credential.newBuilder().setProviderId(UUID.randomUUID().toString());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> create(nowhere, "api_key", "x"));
    var id = UUID.fromString(made.getId());
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> service.credentials().open(UUID.randomUUID(), id));
    var theirs = Credential.newBuilder().setProviderId(provider.toString());
    newTenant();
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(made.getId()));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> create(theirs, "other", "x"));
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> update(Credential.newBuilder().setId(made.getId()).setValue("x"), "value"));
    assertThat(list()).isEmpty();
  }

  @Test
  void aFieldHasOneValue() {
    create("api_key", "sk-ant-0123456789");
    assertProblem(
        Code.ALREADY_EXISTS, "ALREADY_EXISTS", () -> create("api_key", "sk-ant-9876543210"));
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> create("", "x"))
        .field("credential.field");
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> create("other", ""))
        .field("credential.value");
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> create(Credential.newBuilder(), "other", "x"))
        .field("credential.owner");
  }

  @Test
  void aRetryIsAnsweredAsTheFirstWas() {
    var request =
        CreateCredentialRequest.newBuilder()
            .setCredential(
                Credential.newBuilder()
                    .setProviderId(provider.toString())
                    .setField("api_key")
                    .setValue("sk-ant-0123456789"))
            .setRequestId("once")
            .build();
    var first = credentials.createCredential(request);
    assertThat(credentials.createCredential(request)).isEqualTo(first);
    assertThat(list()).containsExactly(first);
  }

  @Test
  void aValueIsReplacedAndALostUpdateRefused() {
    var made = create("api_key", "sk-ant-0123456789");
    var change =
        Credential.newBuilder()
            .setId(made.getId())
            .setEtag(made.getEtag())
            .setValue("sk-ant-9876543210");
    var changed = update(change);
    assertThat(changed.getLastFour()).isEqualTo("3210");
    assertThat(open(made)).isEqualTo("sk-ant-9876543210");
    assertProblem(Code.ABORTED, "STALE_VERSION", () -> update(change))
        .containsEntry("etag", changed.getEtag());
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> update(change.clone(), "field"))
        .field("update_mask");
    assertThat(audited(owner, "UpdateCredential", made.getId()))
        .containsExactly("DONE: value_version");
  }

  @Test
  void anExpiredOneIsListedAndNotHandedOut() {
    var soon = Timestamps.fromMillis(System.currentTimeMillis() + 3_600_000);
    var made =
        create(
            Credential.newBuilder().setProviderId(provider.toString()).setExpiresAt(soon),
            "api_key",
            "sk-ant-0123456789");
    assertThat(open(made)).isNotEmpty();
    service.sql("update credential set expires_at = now() where id = '" + made.getId() + "'");
    assertThat(get(made.getId()).getState()).isEqualTo(Credential.State.STATE_EXPIRED);
    assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> open(made));
    var forever = update(Credential.newBuilder().setId(made.getId()), "expires_at");
    assertThat(forever.hasExpiresAt()).isFalse();
    assertThat(open(made)).isEqualTo("sk-ant-0123456789");
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () ->
                update(
                    Credential.newBuilder()
                        .setId(made.getId())
                        .setExpiresAt(Timestamps.fromMillis(1))))
        .field("credential.expires_at");
  }

  @Test
  void pagesAndBatchesAreInOrder() {
    var made = new ArrayList<Credential>();
    for (var index = 0; index < 5; index++) {
      made.addFirst(create("field_" + index, "value"));
    }
    var request = ListCredentialsRequest.newBuilder().setPageSize(2);
    var seen = new ArrayList<Credential>();
    do {
      var page = credentials.listCredentials(request.build());
      seen.addAll(page.getCredentialsList());
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    assertThat(seen).isEqualTo(made);
    var asked = List.of(made.get(3), made.get(1), made.get(3));
    var batch =
        BatchGetCredentialsRequest.newBuilder()
            .addIds(UUID.randomUUID().toString())
            .addAllIds(asked.stream().map(Credential::getId).toList())
            .build();
    assertThat(credentials.batchGetCredentials(batch).getCredentialsList())
        .containsExactly(made.get(3), made.get(1));
  }

  @Test
  void anOwnerHasNoMoreThanItMay() {
    for (var index = 0; index < Credentials.MOST; index++) {
      create("field_" + index, "value");
    }
    assertProblem(Code.RESOURCE_EXHAUSTED, "TOO_MANY", () -> create("one_more", "value"))
        .containsEntry("limit", "64");
  }

  @Test
  void itIsDeleted() {
    var made = create("api_key", "sk-ant-0123456789");
    var request = DeleteCredentialRequest.newBuilder().setCredentialId(made.getId());
    assertProblem(
        Code.ABORTED,
        "STALE_VERSION",
        () -> credentials.deleteCredential(request.clone().setEtag("7").build()));
    credentials.deleteCredential(request.build());
    assertThat(list()).isEmpty();
  }

  @Test
  void rowsThatAreSwappedOrChangedAreUndecryptableAndBreakNothing() {
    var one = create("one", "sk-ant-0123456789");
    var other = create("other", "sk-ant-9876543210");
    var third = create("third", "hunter2!");
    // Everything that is encrypted changes places.
    service.sql(
        """
        update credential c set kek_id = o.kek_id, kek_version = o.kek_version,
          wrapped_dek = o.wrapped_dek, ciphertext = o.ciphertext
        from credential o
        where (c.id = '%1$s' and o.id = '%2$s') or (c.id = '%2$s' and o.id = '%1$s')
        """
            .formatted(one.getId(), other.getId()));
    assertStates("third ACTIVE", "other UNDECRYPTABLE", "one UNDECRYPTABLE");
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> open(one))
        .satisfies(
            refused ->
                assertThat(refused.problem().toString()).contains("UNDECRYPTABLE", one.getId()));
    assertThat(open(third)).isEqualTo("hunter2!");
    // Set anew, it is as it was.
    var replaced = update(Credential.newBuilder().setId(one.getId()).setValue("new"));
    assertThat(replaced.getState()).isEqualTo(Credential.State.STATE_ACTIVE);
    assertThat(open(one)).isEqualTo("new");
    // An older value of the same row is not taken for the newest.
    var old = sealed(third);
    update(Credential.newBuilder().setId(third.getId()).setValue("newer"));
    service.sql(
        "update credential set wrapped_dek = decode('%s', 'hex'), ciphertext = decode('%s', 'hex') where id = '%s'"
            .formatted(old[0], old[1], third.getId()));
    // A field that is renamed by hand is another place.
    service.sql("update credential set field = 'fourth' where id = '" + one.getId() + "'");
    assertStates("third UNDECRYPTABLE", "other UNDECRYPTABLE", "fourth UNDECRYPTABLE");
    service.sql(
        "update credential set ciphertext = '\\x00' where tenant_id = '" + tenantId() + "'");
    service.sql("update credential set wrapped_dek = '' where id = '" + one.getId() + "'");
    assertStates("third UNDECRYPTABLE", "other UNDECRYPTABLE", "fourth UNDECRYPTABLE");
  }

  private String[] sealed(Credential credential) {
    return service
        .column(
            "select encode(wrapped_dek, 'hex') || ' ' || encode(ciphertext, 'hex') from credential where id = '"
                + credential.getId()
                + "'")
        .getFirst()
        .split(" ");
  }

  private void assertStates(String... states) {
    assertThat(list())
        .extracting(each -> each.getField() + each.getState().name().replace("STATE_", " "))
        .containsExactly(states);
  }

  @Test
  void anotherKeyOfTheEnvironmentTakesOver() {
    var made = create("api_key", "sk-ant-0123456789");
    var id = UUID.fromString(made.getId());
    var before = keyOf(made);
    var variables = Map.of("SETTINGS_KEY", OTHER_KEY, "SETTINGS_KEY_PREVIOUS", Live.SETTINGS_KEY);
    try (var next = service.replica(variables)) {
      assertThat(next.credentials().open(tenantId(), id).value().value())
          .isEqualTo("sk-ant-0123456789");
      next.rewrap();
      assertThat(next.credentials().open(tenantId(), id).value().value())
          .isEqualTo("sk-ant-0123456789");
      assertThat(next.warning()).isEmpty();
    }
    assertThat(keyOf(made)).startsWith("env-").isNotEqualTo(before);
    assertThat(list())
        .extracting(Credential::getState)
        .containsExactly(Credential.State.STATE_UNDECRYPTABLE);
    service.sql("delete from credential");
  }

  private String keyOf(Credential credential) {
    return service
        .column("select kek_id from credential where id = '" + credential.getId() + "'")
        .getFirst();
  }

  @Test
  void membersDoNotSeeThem() {
    create("api_key", "sk-ant-0123456789");
    var member = service.person(tenantId(), "MEMBER");
    var theirs = CredentialServiceGrpc.newBlockingStub(member.channel());
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> theirs.listCredentials(ListCredentialsRequest.getDefaultInstance()));
  }
}
