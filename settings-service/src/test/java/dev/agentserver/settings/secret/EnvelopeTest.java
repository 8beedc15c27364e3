package dev.agentserver.settings.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentserver.kit.config.Secret;
import dev.agentserver.settings.secret.wrapper.EnvironmentKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
  private static final Secret ONE = new Secret("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
  private static final Secret OTHER = new Secret("eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=");

  private final Keyring keyring = new Keyring(new EnvironmentKey(ONE), List.of());
  private final Envelope envelope = new Envelope(keyring);

  private Sealed seal(String plain, String place) {
    return envelope.dataKey().seal(plain, place);
  }

  @Test
  void eachSecretHasADataKeyOfItsOwnAndNothingIsInClear() {
    var one = seal("hunter2!", "here");
    var other = seal("hunter2!", "here");
    assertThat(one.key().bytes()).isNotEqualTo(other.key().bytes());
    assertThat(one.ciphertext()).isNotEqualTo(other.ciphertext());
    assertThat(new String(one.ciphertext())).doesNotContain("hunter2");
    assertThat(envelope.open(one, "here").value()).isEqualTo("hunter2!");
    assertThat(one.toString() + envelope.open(one, "here")).doesNotContain("hunter2");
  }

  @Test
  void whatIsSwappedOrChangedDoesNotOpen() {
    var one = seal("hunter2!", "here");
    var other = seal("sesame", "there");
    assertLost(one, "there");
    // Both parts together, to where another secret was.
    assertLost(one, "here ");
    // One part only.
    assertLost(new Sealed(other.key(), one.ciphertext()), "here");
    assertLost(new Sealed(one.key(), other.ciphertext()), "here");
    assertLost(new Sealed(one.key(), other.ciphertext()), "there");
    for (var index = 0; index < one.ciphertext().length; index++) {
      var changed = one.ciphertext().clone();
      changed[index] ^= 1;
      assertLost(new Sealed(one.key(), changed), "here");
    }
    assertLost(new Sealed(one.key(), new byte[0]), "here");
  }

  @Test
  void aSecretUnderAnOlderKeyOpensAndIsBroughtUnderTheNewOne() {
    var old = seal("hunter2!", "here");
    var told = new ArrayList<String>();
    var next = new Keyring(new EnvironmentKey(OTHER), List.of(new EnvironmentKey(ONE)));
    next.register((id, version) -> told.add(id + " " + version));
    var both = new Envelope(next);
    assertThat(both.open(old, "here").value()).isEqualTo("hunter2!");
    var rewrapped = new Sealed(next.rewrap(old.key()), old.ciphertext());
    assertThat(rewrapped.key().keyId()).isEqualTo(next.primary().id());
    assertThat(told).containsExactly(next.primary().id() + " 1");
    assertThat(both.open(rewrapped, "here").value()).isEqualTo("hunter2!");
    assertLost(rewrapped, "here");
    var alone = new Envelope(new Keyring(new EnvironmentKey(OTHER), List.of()));
    assertThat(alone.opens(old, "here")).isFalse();
    assertThat(alone.opens(rewrapped, "here")).isTrue();
  }

  @Test
  void belowTheMinimumNothingOpensUntilItIsLowered() {
    var sealed = seal("hunter2!", "here");
    var id = keyring.primary().id();
    keyring.require(Map.of(id, 2));
    assertLost(sealed, "here");
    keyring.require(Map.of(id, 1));
    assertThat(envelope.opens(sealed, "here")).isTrue();
  }

  private void assertLost(Sealed sealed, String place) {
    assertThatExceptionOfType(Undecryptable.class)
        .isThrownBy(() -> envelope.open(sealed, place))
        .withMessageNotContaining("hunter2");
    assertThat(envelope.opens(sealed, place)).isFalse();
  }
}
