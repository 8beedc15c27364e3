package dev.agentserver.settings.secret.wrapper;

import static dev.agentserver.settings.secret.wrapper.FakeVault.Mood.ELSEWHERE;
import static dev.agentserver.settings.secret.wrapper.FakeVault.Mood.ENDLESS;
import static dev.agentserver.settings.secret.wrapper.FakeVault.Mood.MALFORMED;
import static dev.agentserver.settings.secret.wrapper.FakeVault.Mood.SEALED;
import static dev.agentserver.settings.secret.wrapper.FakeVault.Mood.SILENT;
import static dev.agentserver.settings.secret.wrapper.FakeVault.Mood.WELL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentserver.kit.config.Secret;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.kit.test.LogCapture;
import dev.agentserver.settings.secret.Envelope;
import dev.agentserver.settings.secret.Keyring;
import dev.agentserver.settings.secret.Undecryptable;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A Vault in and out of order.
class VaultTransitTest {
  private static final byte[] DATA_KEY = "0123456789abcdef0123456789abcdef".getBytes();

  private final FakeVault vault = new FakeVault("agentserver");
  private final VaultTransit key = vault.client();

  @AfterEach
  void stop() {
    vault.close();
    key.close();
  }

  @Test
  void whatItCannotDoForTheMomentIsUnavailableAndTellsNothing() {
    var wrapped = key.wrap(DATA_KEY);
    try (var logs = LogCapture.of("dev.agentserver")) {
      for (var mood : List.of(SILENT, SEALED, MALFORMED, ENDLESS, ELSEWHERE)) {
        vault.be(mood);
        assertUnavailable(() -> key.unwrap(wrapped));
        assertUnavailable(() -> key.wrap(DATA_KEY));
        assertUnavailable(() -> key.rewrap(wrapped));
        assertUnavailable(key::newest);
      }
      vault.be(WELL);
      assertThat(key.unwrap(wrapped)).isEqualTo(DATA_KEY);
      assertThat(logs.lines())
          .isNotEmpty()
          .noneMatch(line -> line.getFormattedMessage().contains(FakeVault.TOKEN))
          .noneMatch(
              line ->
                  line.getFormattedMessage()
                      .contains(Base64.getEncoder().encodeToString(DATA_KEY)));
    }
  }

  @Test
  void aTokenThatIsRefusedMakesNothingUndecryptableAndTheNextOneIsTaken() {
    var token = new AtomicReference<>(FakeVault.TOKEN);
    try (var client = vault.client(() -> new Secret(token.get()))) {
      var wrapped = client.wrap(DATA_KEY);
      vault.accept("hvs.renewed");
      assertUnavailable(() -> client.unwrap(wrapped));
      token.set("hvs.renewed");
      assertThat(client.unwrap(wrapped)).isEqualTo(DATA_KEY);
    }
  }

  @Test
  void theVaultRewrapsByItselfAndForgetsOldVersions() {
    var first = key.wrap(DATA_KEY);
    key.rotate();
    vault.asked().clear();
    var second = key.rewrap(first);
    assertThat(vault.asked()).containsExactly("rewrap/agentserver");
    assertThat(second.version()).isEqualTo(2);
    key.destroyThrough(1);
    assertThat(vault.versions()).containsExactly(2);
    assertThatExceptionOfType(Undecryptable.class).isThrownBy(() -> key.unwrap(first));
    assertThatExceptionOfType(Undecryptable.class).isThrownBy(() -> key.rewrap(first));
    assertThat(key.unwrap(second)).isEqualTo(DATA_KEY);
  }

  @Test
  void whatIsReadAgainDoesNotAskAgainAndAListAsksNothing() {
    var keyring = new Keyring(key, List.of());
    var envelope = new Envelope(keyring);
    var sealed = envelope.dataKey().seal("hunter2!", "here");
    vault.asked().clear();
    assertThat(envelope.opens(sealed, "here")).isTrue();
    assertThat(vault.asked()).isEmpty();
    for (var turn = 0; turn < 3; turn++) {
      assertThat(envelope.open(sealed, "here").value()).isEqualTo("hunter2!");
    }
    assertThat(vault.asked()).containsExactly("decrypt/agentserver");
    // What is no longer used is not had from memory either.
    keyring.require(java.util.Map.of(key.id(), 2));
    assertThatExceptionOfType(Undecryptable.class).isThrownBy(() -> envelope.open(sealed, "here"));
  }

  private static void assertUnavailable(ThrowingCallable work) {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(work)
        .satisfies(
            refused -> assertThat(refused.problem()).isInstanceOf(Problem.Unavailable.class));
  }
}
