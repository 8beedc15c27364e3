package dev.agentserver.agentrun.directory;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.agentrun.session.Scenes;
import dev.agentserver.agentrun.v1.BrowseDirectoryRequest;
import dev.agentserver.agentrun.v1.BrowseDirectoryResponse;
import dev.agentserver.agentrun.v1.DirectoryEntry;
import dev.agentserver.agentrun.v1.DirectoryServiceGrpc;
import dev.agentserver.agentrun.v1.ValidatePathRequest;
import dev.agentserver.agentrun.v1.ValidatePathResponse;
import dev.agentserver.kit.problem.ProblemException;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryRpcTest extends Scenes {
  @TempDir static Path outside;

  @BeforeAll
  void fill() throws IOException {
    var root = service.directory();
    Files.createDirectories(root.resolve("code/.git"));
    Files.createDirectories(root.resolve("code/.claude"));
    Files.writeString(root.resolve("code/readme.md"), "hello");
    Files.createDirectories(root.resolve("empty"));
    Files.writeString(outside.resolve("secret"), "secret");
    Files.createSymbolicLink(root.resolve("escape"), outside);
    Files.createSymbolicLink(root.resolve("inside"), root.resolve("code"));
  }

  private BrowseDirectoryResponse browse(String path, int size, String token) {
    return DirectoryServiceGrpc.newBlockingStub(owner.channel())
        .browseDirectory(
            BrowseDirectoryRequest.newBuilder()
                .setPath(path)
                .setPageSize(size)
                .setPageToken(token)
                .build());
  }

  private ValidatePathResponse validate(String path) {
    return DirectoryServiceGrpc.newBlockingStub(owner.channel())
        .validatePath(ValidatePathRequest.newBuilder().setPath(path).build());
  }

  @Test
  void whatIsInADirectoryIsListedByName() {
    var root = service.directory();
    var top = browse("", 0, "");
    assertThat(top.getEntriesList())
        .extracting(DirectoryEntry::getPath)
        .containsExactly(root.toString());
    var first = browse(root.toString(), 2, "");
    var second = browse(root.toString(), 2, first.getNextPageToken());
    assertThat(first.getEntriesList())
        .extracting(DirectoryEntry::getName)
        .containsExactly("code", "empty");
    assertThat(second.getEntriesList())
        .extracting(DirectoryEntry::getKind)
        .containsExactly(DirectoryEntry.Kind.KIND_OTHER, DirectoryEntry.Kind.KIND_OTHER);
    assertThat(second.getNextPageToken()).isEmpty();
    assertThat(first.getEntries(0).getIsRepository()).isTrue();
    assertThat(first.getEntries(0).getHasClaudeDir()).isTrue();
    assertThat(first.getEntries(1).getIsRepository()).isFalse();
    assertThat(browse(root + "/code", 0, "").getEntriesList())
        .extracting(DirectoryEntry::getName)
        .containsExactly(".claude", ".git", "readme.md");
  }

  @Test
  void nothingLeadsOut() {
    var root = service.directory().toString();
    for (var path :
        List.of(
            "/",
            "/etc",
            outside.toString(),
            root + "/..",
            root + "/../..",
            root + "/code/../../" + outside.getFileName(),
            root + "x",
            root + "/escape",
            root + "/escape/",
            root + "/escape/../escape",
            root + "/inside",
            root + "/nothing",
            root + "/code/readme.md")) {
      assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> browse(path, 0, ""));
      assertThat(validate(path).getValid()).as(path).isFalse();
    }
    assertThat(validate(root + "/escape/secret").hasEntry()).isFalse();
    assertThat(validate("/etc/passwd").hasEntry()).isFalse();
    for (var path : List.of("code", "./code", "~")) {
      assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> browse(path, 0, ""))
          .field("path");
    }
    assertThat(browse(root + "/code/../empty", 0, "").getEntriesList()).isEmpty();
  }

  @Test
  void aPathIsGoodForAProjectWhenItIsADirectory() {
    var root = service.directory();
    assertThat(validate(root + "/code").getValid()).isTrue();
    assertThat(validate(root + "/code").getEntry().getIsRepository()).isTrue();
    assertThat(validate(root.toString()).getValid()).isTrue();
    var file = validate(root + "/code/readme.md");
    assertThat(file.getValid()).isFalse();
    assertThat(file.getEntry().getKind()).isEqualTo(DirectoryEntry.Kind.KIND_FILE);
  }

  @Test
  void everyLookIsInTheTrailAndOnlyForWhoMay() {
    var before = looks();
    browse(service.directory().toString(), 0, "");
    validate("/etc");
    assertThat(looks()).isEqualTo(before + 2);
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () ->
            DirectoryServiceGrpc.newBlockingStub(alice.channel())
                .browseDirectory(BrowseDirectoryRequest.getDefaultInstance()));
  }

  private int looks() {
    return service
        .column("select id from agent_run.audit_entry where resource = 'directory'")
        .size();
  }

  @Test
  void withoutDirectoriesThatMayBeLookedAtItIsOff() {
    var off = new Directories(null, null, List.of());
    for (var path : List.of("", "/", service.directory().toString())) {
      assertThatThrownBy(() -> off.list(owner.caller(), "m", path, "", 10))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("own disk");
    }
  }
}
