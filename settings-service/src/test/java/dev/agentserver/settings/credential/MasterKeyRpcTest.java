package dev.agentserver.settings.credential;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.test.Await;
import dev.agentserver.settings.secret.wrapper.FakeVault;
import dev.agentserver.settings.v1.Credential;
import dev.agentserver.settings.v1.CredentialServiceGrpc;
import dev.agentserver.settings.v1.DestroyKeyRequest;
import dev.agentserver.settings.v1.GetRewrapRequest;
import dev.agentserver.settings.v1.ListCredentialsRequest;
import dev.agentserver.settings.v1.ListKeysRequest;
import dev.agentserver.settings.v1.MasterKey;
import dev.agentserver.settings.v1.MasterKeyServiceGrpc;
import dev.agentserver.settings.v1.Rewrap;
import dev.agentserver.settings.v1.RewrapAllRequest;
import dev.agentserver.settings.v1.RotateKeyRequest;
import dev.agentserver.settings.v1.SetMinimumVersionRequest;
import dev.agentserver.settings.v1.UpdateCredentialRequest;
import io.grpc.Status.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Rotation, rewrapping and destruction with every kind of master key, while the service works.
class MasterKeyRpcTest extends CredentialTest {
  private final Path directory = directory();
  private final FakeVault vault = new FakeVault("agentserver");

  private static Path directory() {
    try {
      return Files.createTempDirectory("keys");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  protected Map<String, String> variables() {
    return Map.of("KEYSET_FILE", directory.resolve("keyset.json").toString());
  }

  private Map<String, String> withVault() {
    return Map.of(
        "KEYSET_FILE", directory.resolve("keyset.json").toString(),
        "VAULT_ADDR", vault.address(),
        "VAULT_TOKEN", FakeVault.TOKEN);
  }

  /// Rows of one test under keys of that test would be lost to the next.
  @BeforeEach
  void nothingThere() {
    service.sql("delete from credential");
  }

  @AfterAll
  void stop() {
    vault.close();
  }

  private List<MasterKey> keys() {
    return masterKeys().listKeys(ListKeysRequest.getDefaultInstance()).getKeysList();
  }

  private MasterKey primary() {
    return keys().stream().filter(MasterKey::getPrimary).findFirst().orElseThrow();
  }

  private static int newest(MasterKey key) {
    return key.getVersions(key.getVersionsCount() - 1).getVersion();
  }

  private static Map<Integer, Long> rows(MasterKey key) {
    return key.getVersionsList().stream()
        .collect(Collectors.toMap(each -> each.getVersion(), each -> each.getRows()));
  }

  private MasterKey rotate() {
    var key = primary();
    return masterKeys()
        .rotateKey(
            RotateKeyRequest.newBuilder()
                .setKeyId(key.getId())
                .setCurrentVersion(newest(key))
                .build());
  }

  private MasterKey destroy(MasterKey key, int version) {
    return masterKeys()
        .destroyKey(
            DestroyKeyRequest.newBuilder().setKeyId(key.getId()).setVersion(version).build());
  }

  private Rewrap rewrap() {
    var begun = masterKeys().rewrapAll(RewrapAllRequest.getDefaultInstance());
    var request = GetRewrapRequest.newBuilder().setId(begun.getId()).build();
    Await.until(
        "it is done", () -> masterKeys().getRewrap(request).getState() == Rewrap.State.STATE_DONE);
    return masterKeys().getRewrap(request);
  }

  @Test
  void aKeyIsRotatedRewrappedAndDestroyedWhileEverythingStaysReadable() {
    var one = create("one", "sk-ant-0123456789");
    var key = primary();
    var first = newest(key);
    assertThat(key.getId()).startsWith("file-");
    var rotated = rotate();
    assertThat(newest(rotated)).isEqualTo(first + 1);
    // Whoever did not see the answer asks again, and nothing more happens.
    var again =
        RotateKeyRequest.newBuilder().setKeyId(key.getId()).setCurrentVersion(first).build();
    assertThat(newest(masterKeys().rotateKey(again))).isEqualTo(first + 1);
    var two = create("two", "sk-ant-9876543210");
    assertThat(rows(primary()).get(first)).isPositive();
    assertThat(rows(primary())).containsEntry(first + 1, 1L);
    assertProblem(Code.FAILED_PRECONDITION, "KEY_IN_USE", () -> destroy(key, first));
    assertProblem(Code.FAILED_PRECONDITION, "KEY_IN_USE", () -> destroy(key, first + 1));
    var etag = one.getEtag();
    var done = rewrap();
    assertThat(done.getRewrapped()).isPositive();
    assertThat(done.getFailed()).isZero();
    assertThat(done.getRemaining()).isZero();
    assertThat(rows(primary()).get(first)).isZero();
    destroy(key, first);
    destroy(key, first);
    assertThat(rows(primary())).containsOnlyKeys(first + 1);
    assertThat(open(one)).isEqualTo("sk-ant-0123456789");
    assertThat(open(two)).isEqualTo("sk-ant-9876543210");
    // To its users nothing has happened.
    assertThat(list()).extracting(Credential::getEtag).containsExactly(two.getEtag(), etag);
  }

  @Test
  void belowTheMinimumRowsAreUndecryptableUntilItIsLowered() {
    var made = create("one", "sk-ant-0123456789");
    var before = newest(primary());
    rotate();
    var request = SetMinimumVersionRequest.newBuilder().setKeyId(primary().getId());
    masterKeys().setMinimumVersion(request.setMinimumVersion(before + 1).build());
    assertThat(list())
        .extracting(Credential::getState)
        .containsExactly(Credential.State.STATE_UNDECRYPTABLE);
    assertThat(service.warning()).endsWith("UNDECRYPTABLE");
    masterKeys().setMinimumVersion(request.setMinimumVersion(1).build());
    assertThat(open(made)).isEqualTo("sk-ant-0123456789");
    assertThat(service.warning()).isEmpty();
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> masterKeys().setMinimumVersion(request.setMinimumVersion(99).build()))
        .field("minimum_version");
  }

  @Test
  void aKeyOfTheEnvironmentIsNotRotatedHere() {
    var key =
        keys().stream().filter(each -> each.getId().startsWith("env-")).findFirst().orElseThrow();
    var request = RotateKeyRequest.newBuilder().setKeyId(key.getId()).setCurrentVersion(1).build();
    assertProblem(Code.FAILED_PRECONDITION, "KEY_NOT_HELD", () -> masterKeys().rotateKey(request));
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> masterKeys().rotateKey(request.toBuilder().setKeyId("file-none").build()));
  }

  @Test
  void aLostKeyIsListedShownAndBreaksNothing() {
    create("one", "sk-ant-0123456789");
    var elsewhere = Map.of("KEYSET_FILE", directory.resolve("another.json").toString());
    try (var other = service.replica(elsewhere)) {
      var there = CredentialServiceGrpc.newBlockingStub(other.channel(owner.caller()));
      var request = ListCredentialsRequest.getDefaultInstance();
      assertThat(there.listCredentials(request).getCredentialsList())
          .extracting(Credential::getState)
          .containsExactly(Credential.State.STATE_UNDECRYPTABLE);
      assertThat(other.warning()).endsWith("UNDECRYPTABLE");
      assertThat(other.metrics()).containsPattern("settings_undecryptable_rows\\S* [1-9]");
      // Set anew, it is under the key that there is.
      var lost = there.listCredentials(request).getCredentials(0);
      there.updateCredential(
          UpdateCredentialRequest.newBuilder()
              .setCredential(Credential.newBuilder().setId(lost.getId()).setValue("new"))
              .build());
      assertThat(there.listCredentials(request).getCredentialsList())
          .extracting(Credential::getState)
          .containsExactly(Credential.State.STATE_ACTIVE);
    }
    // What is under a key that this process does not have stays listed and does not stop a rewrap.
    assertThat(list()).hasSize(1);
    assertThat(rewrap().getFailed()).isOne();
  }

  @Test
  void movingToAVaultIsARewrapAndTheOldKeyIsNotNeededThen() {
    var made = create("one", "sk-ant-0123456789");
    var file = primary();
    try (var moved = service.replica(withVault())) {
      var id = java.util.UUID.fromString(made.getId());
      assertThat(moved.credentials().open(tenantId(), id).value().value())
          .isEqualTo("sk-ant-0123456789");
      rewrapHeldBy(moved);
      assertThat(service.column("select kek_id from credential where id = '" + made.getId() + "'"))
          .containsExactly("vault-agentserver");
      vault.be(FakeVault.Mood.SEALED);
      // A list does not need the Vault, and what was read a moment ago is remembered.
      var there = CredentialServiceGrpc.newBlockingStub(moved.channel(owner.caller()));
      assertThat(
              there
                  .listCredentials(ListCredentialsRequest.getDefaultInstance())
                  .getCredentialsList())
          .extracting(Credential::getState)
          .containsExactly(Credential.State.STATE_ACTIVE);
      assertProblem(
          Code.UNAVAILABLE,
          "UNAVAILABLE",
          () ->
              there.updateCredential(
                  UpdateCredentialRequest.newBuilder()
                      .setCredential(Credential.newBuilder().setId(made.getId()).setValue("new"))
                      .build()));
      vault.be(FakeVault.Mood.WELL);
      assertThat(moved.credentials().open(tenantId(), id).value().value())
          .isEqualTo("sk-ant-0123456789");
    }
    assertThat(
            rows(keys().stream()
                    .filter(each -> each.getId().equals(file.getId()))
                    .findFirst()
                    .orElseThrow())
                .values())
        .allMatch(rows -> rows == 0);
  }

  /// The other process, whose primary is the file, leaves it alone.
  private void rewrapHeldBy(dev.agentserver.settings.Harness moved) {
    var there = MasterKeyServiceGrpc.newBlockingStub(moved.channel(platform()));
    Await.until(
        "everything is under the Vault's key",
        () -> {
          there.rewrapAll(RewrapAllRequest.getDefaultInstance());
          return service
              .column("select 1 from credential where kek_id <> 'vault-agentserver'")
              .isEmpty();
        });
    assertThat(moved.warning()).isEmpty();
  }

  @Test
  void writesWhileKeysRotateAndRewrapLoseNothing() throws InterruptedException {
    var made =
        IntStream.range(0, 16).mapToObj(index -> create("field_" + index, "first-0")).toList();
    var latest = new ArrayList<>(made.stream().map(_ -> "first-0").toList());
    var going = new AtomicBoolean(true);
    var writers =
        IntStream.range(0, 4)
            .mapToObj(
                writer ->
                    Thread.ofVirtual()
                        .start(
                            () -> {
                              for (var turn = 1; going.get(); turn++) {
                                var index = writer + 4 * (turn % 4);
                                write(made.get(index), "value-" + turn);
                                latest.set(index, "value-" + turn);
                                assertThat(open(made.get(index))).isEqualTo("value-" + turn);
                              }
                            }))
            .toList();
    var failed = new ArrayList<Throwable>();
    writers.forEach(each -> each.setUncaughtExceptionHandler((_, failure) -> failed.add(failure)));
    for (var round = 0; round < 3; round++) {
      rotate();
      rewrap();
    }
    going.set(false);
    for (var writer : writers) {
      writer.join();
    }
    assertThat(failed).isEmpty();
    for (var index = 0; index < made.size(); index++) {
      assertThat(open(made.get(index))).isEqualTo(latest.get(index));
    }
    rewrap();
    destroy(primary(), newest(primary()) - 1);
    assertThat(list()).allMatch(each -> each.getState() == Credential.State.STATE_ACTIVE);
  }

  private void write(Credential credential, String value) {
    credentials.updateCredential(
        UpdateCredentialRequest.newBuilder()
            .setCredential(Credential.newBuilder().setId(credential.getId()).setValue(value))
            .build());
  }
}
