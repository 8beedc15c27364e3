package dev.agentserver.commandline.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.agentserver.commandline.history.OldIds;
import dev.agentserver.commandline.job.Job;
import dev.agentserver.commandline.server.LentKeys;
import dev.agentserver.commandline.server.Patience;
import dev.agentserver.commandline.server.Server;
import dev.agentserver.file.v1.UploadFileRequest;
import dev.agentserver.file.v1.UploadHeader;
import dev.agentserver.settings.v1.ChatSettings;
import dev.agentserver.settings.v1.UpdateChatSettingsRequest;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What users of a legacy database have beside conversations: how they chat, and their files. Both
/// are written as the user; again with the same rows nothing changes.
public final class Belongings {
  private static final int PIECE = 1 << 20;
  private static final String SOURCE = "prisma";
  private static final List<String> UNDERSTOOD =
      List.of("userid", "enabledtools", "enabledagents", "model", "temperature", "maxtokens");

  private final Server server;
  private final LentKeys keys;
  private final @Nullable Owners owners;
  private final Job job;

  /// @param owners null: everything is the caller's
  public Belongings(Server server, LentKeys keys, @Nullable Owners owners, Job job) {
    this.server = server;
    this.keys = keys;
    this.owners = owners;
    this.job = job;
  }

  /// A row of ChatSettings. What its user changed here since is changed back only when the row is
  /// another one.
  public void settings(JsonNode row) throws IOException {
    var user = row.path("userid").asText();
    var settings = ChatSettings.newBuilder();
    row.path("enabledtools").forEach(tool -> settings.addEnabledTools(tool.asText()));
    row.path("enabledagents").forEach(agent -> settings.addEnabledAgents(agent.asText()));
    if (row.path("model").isTextual()) {
      settings.setModel(row.path("model").textValue());
    }
    if (row.path("temperature").isNumber()) {
      settings.setTemperature(row.path("temperature").doubleValue());
    }
    if (row.path("maxtokens").isNumber()) {
      settings.setMaxTokens(row.path("maxtokens").intValue());
    }
    var request =
        UpdateChatSettingsRequest.newBuilder()
            .setChatSettings(settings)
            .setRequestId(UUID.randomUUID().toString());
    request
        .getUpdateMaskBuilder()
        .addPaths("enabled_tools")
        .addPaths("enabled_agents")
        .addPaths("model")
        .addPaths("temperature")
        .addPaths("max_tokens");
    once(
        "settings-" + user,
        row,
        () -> {
          var owner = as(user);
          server.patience().call(() -> owner.chatSettings().updateChatSettings(request.build()));
        });
    if (row.deepCopy() instanceof ObjectNode left) {
      left.remove(UNDERSTOOD);
      job.report("settings-" + user, "note", "nobody asks for these columns: " + left);
    }
  }

  /// A row of FileUpload.
  ///
  /// @param directory where the bytes are, under `minioPath`; null: nowhere
  public void file(JsonNode row, @Nullable Path directory) throws IOException {
    var path = row.path("miniopath").asText("");
    while (path.startsWith("/")) {
      path = path.substring(1);
    }
    var bytes = directory == null || path.isEmpty() ? null : directory.resolve(path).normalize();
    if (bytes == null || !bytes.startsWith(directory) || !Files.isRegularFile(bytes)) {
      job.report(row.path("id").asText(), "file", row.toString());
      return;
    }
    var oldId = row.path("id").asText();
    once(
        "file-" + oldId,
        row,
        () -> {
          var owner = as(row.path("userid").asText());
          server.patience().call(() -> upload(owner, row, bytes));
        });
    if (job.noted("file-" + oldId) != null) {
      var id = OldIds.kept(SOURCE, oldId);
      job.report(oldId, "note", "is the file " + id + " now; its row was: " + row);
    }
  }

  private static UUID upload(Server owner, JsonNode row, Path bytes) {
    var id = OldIds.kept(SOURCE, row.path("id").asText());
    var header =
        UploadHeader.newBuilder()
            .setFileId(id.toString())
            .setFilename(row.path("filename").asText())
            .setContentType(row.path("contenttype").asText());
    try (var in = Files.newInputStream(bytes)) {
      var call = owner.files().uploadFile();
      call.write(UploadFileRequest.newBuilder().setHeader(header).build());
      for (var piece = in.readNBytes(PIECE); piece.length > 0; piece = in.readNBytes(PIECE)) {
        call.write(UploadFileRequest.newBuilder().setData(ByteString.copyFrom(piece)).build());
      }
      call.halfClose();
      call.read();
      return id;
    } catch (StatusException failure) {
      throw new StatusRuntimeException(failure.getStatus(), failure.getTrailers());
    } catch (IOException failure) {
      throw Status.DATA_LOSS.withDescription(failure.getMessage()).asRuntimeException();
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
    }
  }

  private Server as(String oldUser) {
    if (owners == null) {
      return server;
    }
    return owners
        .of(oldUser)
        .map(keys::of)
        .orElseThrow(
            () ->
                Status.NOT_FOUND
                    .withDescription("nobody here is its user " + oldUser)
                    .asRuntimeException());
  }

  /// Writes what was not written yet. What cannot be is in the report, whole.
  private void once(String what, JsonNode row, Runnable write) throws IOException {
    var key = what.replaceAll("\\s", "_");
    var hash = OldIds.hashed(row.toString()).toString();
    if (hash.equals(job.noted(key))) {
      return;
    }
    try {
      write.run();
      job.note(key, hash);
    } catch (StatusRuntimeException failure) {
      if (Patience.is(failure, Status.Code.CANCELLED)) {
        throw new InterruptedIOException();
      }
      job.report(what, "failed", Patience.said(failure) + ": " + row);
    }
  }
}
