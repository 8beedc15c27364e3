package dev.agentserver.settings.credential;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.util.Timestamps;
import dev.agentserver.kit.test.LogCapture;
import dev.agentserver.settings.v1.BatchGetCredentialsRequest;
import dev.agentserver.settings.v1.CreateCredentialRequest;
import dev.agentserver.settings.v1.Credential;
import dev.agentserver.settings.v1.GetCredentialRequest;
import dev.agentserver.settings.v1.UpdateCredentialRequest;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A secret that can be recognized goes every way there is, and is then looked for everywhere: in
/// every table, in PostgreSQL's own files and its write-ahead log, in logs at their most talkative,
/// metrics, replies and refusals.
class CanaryTest extends CredentialTest {
  private static final int TOO_LONG = 16_385;

  private final String canary = "canary-" + UUID.randomUUID() + "-tail";
  private final List<String> said = new ArrayList<>();

  @Test
  void itIsNowhereInClear() {
    try (var logs = LogCapture.of("ROOT")) {
      everyWay();
      logs.lines()
          .forEach(
              line -> {
                said.add(line.getFormattedMessage());
                for (var cause = line.getThrowableProxy();
                    cause != null;
                    cause = cause.getCause()) {
                  said.add(String.valueOf(cause.getMessage()));
                }
              });
    }
    assertThat(said).hasSizeGreaterThan(20);
    said.add(service.metrics());
    var tables =
        service.column(
            "select table_name from information_schema.tables"
                + " where table_schema = current_schema() and table_type = 'BASE TABLE'");
    assertThat(tables).contains("credential", "idempotency_key", "audit_entry", "master_key");
    for (var table : tables) {
      said.addAll(service.column("select t::text from " + table + " t"));
    }
    assertThat(said.stream().filter(text -> traces(canary).stream().anyMatch(text::contains)))
        .isEmpty();
    // The search itself works: in what was said, and in the files.
    assertThat(said).anyMatch(text -> text.contains("canary_field"));
    service.sql("checkpoint");
    assertThat(files(canary)).isEmpty();
    assertThat(files("canary_field")).anyMatch(file -> file.contains("pg_wal"));
    assertThat(files("canary_field")).anyMatch(file -> file.contains("base"));
  }

  /// Well, badly, twice, too late and too long.
  private void everyWay() {
    var draft = Credential.newBuilder().setProviderId(provider.toString());
    var made = hear(() -> create(draft.clone(), "canary_field", canary));
    hear(() -> create(draft.clone(), "canary_field", canary));
    var request =
        CreateCredentialRequest.newBuilder()
            .setCredential(draft.clone().setField("other").setValue(canary))
            .setRequestId("once");
    hear(() -> credentials.createCredential(request.build()));
    hear(() -> credentials.createCredential(request.build()));
    request.getCredentialBuilder().setValue(canary + "!");
    hear(() -> credentials.createCredential(request.build()));
    var tooLong = canary.repeat(TOO_LONG / canary.length() + 1);
    hear(() -> create(draft.clone(), "long", tooLong));
    hear(() -> create(draft.clone(), "Not A Field", canary));
    hear(() -> create(draft.clone().setProviderId(UUID.randomUUID().toString()), "f", canary));
    hear(() -> create(draft.clone().setExpiresAt(Timestamps.fromMillis(1)), "f", canary));
    hear(() -> create(draft.clone(), "nul", canary + "\0"));
    var id = made.getId();
    hear(() -> update(Credential.newBuilder().setId(id).setValue(canary + "-2")));
    hear(() -> update(Credential.newBuilder().setId(id).setEtag("0").setValue(canary)));
    hear(() -> update(Credential.newBuilder().setId(id).setValue(tooLong)));
    hear(() -> update(Credential.newBuilder().setId(id).setValue(canary), "nothing"));
    hear(
        () ->
            credentials.getCredential(
                GetCredentialRequest.newBuilder().setCredentialId(id).build()));
    hear(
        () ->
            credentials.batchGetCredentials(
                BatchGetCredentialsRequest.newBuilder().addIds(id).build()));
    list().forEach(each -> said.add(each.toString()));
    said.add(service.credentials().open(tenantId(), UUID.fromString(id)).toString());
    service.sql("update credential set ciphertext = ciphertext || '\\x00' where id = '" + id + "'");
    try {
      said.add(service.credentials().open(tenantId(), UUID.fromString(id)).toString());
    } catch (RuntimeException refused) {
      for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
        said.add(cause.toString());
      }
    }
  }

  private Credential update(Credential.Builder credential, String... paths) {
    return credentials.updateCredential(
        UpdateCredentialRequest.newBuilder()
            .setCredential(credential)
            .setUpdateMask(mask(paths))
            .build());
  }

  /// Keeps what is answered, or how it is refused.
  private <M extends Message> M hear(Supplier<M> call) {
    try {
      var reply = call.get();
      said.add(reply.toString());
      return reply;
    } catch (StatusRuntimeException refused) {
      said.add(refused.toString());
      said.add(StatusProto.fromThrowable(refused).toString());
      return null;
    }
  }

  /// The forms in which it may lie about.
  private static List<String> traces(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var traces = new ArrayList<>(List.of(text, HexFormat.of().formatHex(bytes)));
    for (var shift = 0; shift < 3; shift++) {
      var moved = new byte[bytes.length + shift];
      System.arraycopy(bytes, 0, moved, shift, bytes.length);
      var base64 = Base64.getEncoder().withoutPadding().encodeToString(moved);
      traces.add(base64.substring(4, base64.length() - 4));
    }
    return traces;
  }

  /// PostgreSQL's files that have it.
  private List<String> files(String text) {
    var directory = Path.of(service.column("show data_directory").getFirst());
    var marks = traces(text);
    try (var files =
        Stream.of("pg_wal", "base", "log", "pg_stat_tmp")
            .map(directory::resolve)
            .filter(Files::isDirectory)
            .flatMap(CanaryTest::walk)) {
      return files.filter(file -> has(file, marks)).map(Path::toString).toList();
    }
  }

  /// The files that are there; PostgreSQL removes some meanwhile.
  private static Stream<Path> walk(Path directory) {
    var files = new ArrayList<Path>();
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              files.add(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) throws IOException {
              if (gone instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
              }
              throw gone;
            }
          });
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return files.stream();
  }

  /// A file that PostgreSQL removed meanwhile has nothing.
  private static boolean has(Path file, List<String> marks) {
    try {
      var content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      return marks.stream().anyMatch(content::contains);
    } catch (NoSuchFileException _) {
      return false;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
