package dev.agentserver.kit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentserver.kit.config.Secret;
import org.junit.jupiter.api.Test;

class SigningKeyTest {
  @Test
  void twoKeysNeverShareAnId() {
    assertThat(SigningKey.generate().publicJwk().kid())
        .isNotEqualTo(SigningKey.generate().publicJwk().kid());
  }

  @Test
  void aDamagedOrPublicKeyIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> SigningKey.restore(new Secret("{}")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKey.restore(new Secret("rubbish")));
    var open = SigningKey.generate().key().toPublicJWK().toJSONString();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKey.restore(new Secret(open)))
        .withMessageContaining("private");
  }
}
