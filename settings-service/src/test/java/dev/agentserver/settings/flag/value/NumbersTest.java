package dev.agentserver.settings.flag.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  @ParameterizedTest
  @CsvSource({
    "0.0, 0",
    "-0.0, 0",
    "5.0, 5",
    "-12.0, -12",
    "0.1, 0.1",
    "-2.5, -2.5",
    "1e15, 1000000000000000",
    "1e20, 100000000000000000000",
    "123456789012345680000.0, 123456789012345680000",
    "1e21, 1e+21",
    "1.5e300, 1.5e+300",
    "0.000001, 0.000001",
    "0.00000123, 0.00000123",
    "1e-7, 1e-7",
    "-1.25e-9, -1.25e-9",
    "Infinity, Infinity",
    "NaN, NaN"
  })
  void areLaidOutAsJavaScriptDoes(double number, String text) {
    assertThat(Numbers.print(number)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0",
    "' \n', 0",
    "' 7 ', 7",
    "+5, 5",
    "-3.5, -3.5",
    ".5, 0.5",
    "5., 5",
    "1e3, 1000",
    "0x1F, 31",
    "0b101, 5",
    "0o17, 15",
    "-Infinity, -Infinity",
    "0x, NaN",
    "-0x10, NaN",
    "1_000, NaN",
    "5d, NaN",
    "1 2, NaN",
    "abc, NaN",
    ".5.5, NaN"
  })
  void areReadFromTextAsJavaScriptDoes(String text, double number) {
    assertThat(Numbers.parse(text)).isEqualTo(Double.valueOf(number));
  }
}
