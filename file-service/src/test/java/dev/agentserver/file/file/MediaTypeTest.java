package dev.agentserver.file.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypeTest {
  @ParameterizedTest
  @CsvSource({
    "89504e470d0a1a0a0000, image/png",
    "ffd8ffe000104a464946, image/jpeg",
    "474946383961, image/gif",
    "524946461234567857454250, image/webp",
    "255044462d312e37, application/pdf",
    "504b030414, application/zip",
    "0000002066747970, video/mp4",
    "00010203, application/octet-stream",
    "ff, application/octet-stream",
    "'', application/octet-stream"
  })
  void theFirstBytesTell(String hex, String type) {
    assertThat(MediaType.of(HexFormat.of().parseHex(hex))).isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource({
    "hello, text/plain",
    "' <!DOCTYPE html><p>', text/html",
    "'<script>alert(1)</script>', text/html",
    "'<svg xmlns=\"x\"/>', image/svg+xml",
    "'<?xml version=\"1.0\"?><svg/>', image/svg+xml",
    "'<?xml version=\"1.0\"?><a/>', application/xml"
  })
  void whatABrowserMightRunIsNoPlainText(String text, String type) {
    assertThat(MediaType.of(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(type);
    assertThat(MediaType.of(("\uFEFF" + text).getBytes(StandardCharsets.UTF_8))).isEqualTo(type);
  }

  @Test
  void textMayBeCutInTheMiddleOfALetter() {
    var text = ("x" + "é".repeat(400)).getBytes(StandardCharsets.UTF_8);
    assertThat(MediaType.of(Arrays.copyOf(text, MediaType.LOOK))).isEqualTo("text/plain");
  }
}
