package dev.agentserver.commandline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobTest {
  @TempDir private Path directory;

  @Test
  void whatWasNotedIsKnownToTheNextProcess() throws IOException {
    try (var job = Job.open(directory, "there")) {
      job.note("a", "1");
      job.note("b", "1");
      job.note("a", "2");
      job.note("b", "-");
    }
    try (var job = Job.open(directory, "there")) {
      assertThat(job.noted("a")).isEqualTo("2");
      assertThat(job.noted("b")).isNull();
    }
  }

  @Test
  void aLineThatAKillCutShortIsAsIfItHadNotBeen() throws IOException {
    try (var job = Job.open(directory, "there")) {
      job.note("a", "1");
    }
    Files.writeString(directory.resolve("journal"), "b 12", StandardOpenOption.APPEND);
    try (var job = Job.open(directory, "there")) {
      job.note("c", "3");
    }
    try (var job = Job.open(directory, "there")) {
      assertThat(job.noted()).containsOnlyKeys("a", "c");
    }
  }

  @Test
  void aJobOfAnotherSourceIsRefused() throws IOException {
    Job.open(directory, "there").close();
    assertThatThrownBy(() -> Job.open(directory, "elsewhere"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is another: there");
  }

  @Test
  void theReportIsThatOfTheLastPass() throws IOException {
    try (var job = Job.open(directory, "there")) {
      job.beginReport();
      job.report("a", "note", "first");
      job.beginReport();
      job.report("b", "note", "say \"again\"");
    }
    assertThat(directory.resolve("report.ndjson"))
        .hasContent("{\"id\":\"b\",\"kind\":\"note\",\"text\":\"say \\\"again\\\"\"}");
  }
}
