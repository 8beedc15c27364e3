package dev.agentserver.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoverageTest {
  @TempDir Path repository;

  @BeforeEach
  void aModuleWithOneWrittenAndOneGeneratedClass() throws IOException {
    compile(
        "room/src/main/java/a/Written.java",
        "package a; class Written { int two() {\nreturn 2;\n} }");
    compile(
        "room/target/generated-sources/a/Made.java",
        "package a; class Made { int one() {\nreturn 1;\n} }");
  }

  @Test
  void codeThatNoTestExecutedIsNotCovered() throws IOException {
    var coverage = Coverage.measure(repository);
    assertThat(coverage.ratio()).isZero();
    assertThat(coverage.lines()).isPositive();
    assertThat(coverage.worst(9)).extracting(Coverage.Gap::type).contains("a.Written");
  }

  @Test
  void generatedCodeDoesNotCount() throws IOException {
    assertThat(Coverage.measure(repository).worst(9))
        .extracting(Coverage.Gap::type)
        .doesNotContain("a.Made");
  }

  @Test
  void aToolOfTheBuildDoesNotCount() throws IOException {
    compile("codegen/src/main/java/b/Tool.java", "package b; class Tool {}");
    assertThat(Coverage.measure(repository).bundles())
        .extracting(measured -> measured.module().name())
        .containsExactly("room");
  }

  @Test
  void theReportIsWrittenAsHtmlAndXml() throws IOException {
    var report = repository.resolve("report");
    Report.write(Coverage.measure(repository), report);
    assertThat(report.resolve("html/index.html")).content().contains("room");
    assertThat(report.resolve("coverage.xml")).content().contains("a/Written");
  }

  private void compile(String source, String text) throws IOException {
    var file = repository.resolve(source);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    var classes = repository.resolve(Path.of(source).getName(0)).resolve("target/classes");
    Files.createDirectories(classes);
    var compiler = ToolProvider.getSystemJavaCompiler();
    assertThat(compiler.run(null, null, null, "-g", "-d", classes.toString(), file.toString()))
        .isZero();
  }
}
