package dev.agentserver.file.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FileNameTest {
  @Test
  void nothingOfADirectoryIsLeft() {
    assertThat(FileName.clean("../../etc/passwd")).isEqualTo("passwd");
    assertThat(FileName.clean("C:\\Users\\me\\plan.pdf")).isEqualTo("plan.pdf");
    assertThat(FileName.clean("dir/")).isEqualTo("dir");
    assertThat(FileName.clean("/")).isEqualTo("file");
    assertThat(FileName.clean("..")).isEqualTo("file");
    assertThat(FileName.clean("")).isEqualTo("file");
    assertThat(FileName.clean(" \t ")).isEqualTo("file");
  }

  @Test
  void nothingThatCannotBeSeenIsLeft() {
    assertThat(FileName.clean("a\r\nb\0c\u007f.txt")).isEqualTo("abc.txt");
    // What looks like photo_gnp.exe would be shown as photo_exe.png.
    assertThat(FileName.clean("photo_\u202egnp.exe")).isEqualTo("photo_gnp.exe");
    assertThat(FileName.clean("\u2066\u200f\ufeffx\u2069")).isEqualTo("x");
    assertThat(FileName.clean("line\u2028break")).isEqualTo("linebreak");
  }

  @Test
  void lettersAreComposedAndPicturesStayWhole() {
    assertThat(FileName.clean("re\u0301sume\u0301 测试.pdf")).isEqualTo("résumé 测试.pdf");
    var family = "👩\u200d👧.png";
    assertThat(FileName.clean(family)).isEqualTo(family);
  }

  @Test
  void aLongNameKeepsItsEnding() {
    var long300 = "测".repeat(295) + ".json";
    assertThat(FileName.clean(long300)).isEqualTo("测".repeat(250) + ".json");
    var pictures = "😀".repeat(300);
    assertThat(FileName.clean(pictures)).isEqualTo("😀".repeat(255));
    assertThat(FileName.clean("x." + "y".repeat(300))).hasSize(255);
  }
}
