package dev.agentserver.gateway.transcode.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WholeNumbersTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          3.0                        | 3
          -3.0                       | -3
          0.0                        | 0
          -0.0                       | -0.0
          7                          | 7
          2.5                        | 2.5
          1.0E10                     | 10000000000
          1.0E-5                     | 1.0E-5
          9.007199254740992E15       | 9007199254740992
          1.0E16                     | 1.0E16
          [1.0,{"a":2.0},-4.0,5]     | [1,{"a":2},-4,5]
          {"3.0":"4.0","a\\"1.0":1.0} | {"3.0":"4.0","a\\"1.0":1}
          {"a\\\\":1.0,"b":"\\\\"}   | {"a\\\\":1,"b":"\\\\"}
          [true,null,"",{},[]]       | [true,null,"",{},[]]
          """)
  void aWholeNumberIsPrintedWithoutAFraction(String json, String plain) {
    assertThat(WholeNumbers.plain(json)).isEqualTo(plain);
  }
}
