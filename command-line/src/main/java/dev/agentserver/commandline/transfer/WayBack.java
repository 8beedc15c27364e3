package dev.agentserver.commandline.transfer;

import dev.agentserver.commandline.history.Exported;
import dev.agentserver.commandline.prisma.LegacyAccess;
import dev.agentserver.commandline.prisma.PrismaBelongings;
import dev.agentserver.commandline.prisma.PrismaTarget;
import dev.agentserver.commandline.server.Server;
import dev.agentserver.file.v1.DownloadFileRequest;
import dev.agentserver.file.v1.File;
import dev.agentserver.file.v1.ListFilesRequest;
import dev.agentserver.settings.v1.GetChatSettingsRequest;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/// The way back into legacy tables: conversations, how users chat, and their files.
public final class WayBack implements Export.Taker, AutoCloseable {
  private static final int PAGE = 200;

  private final PrismaTarget conversations;
  private final PrismaBelongings belongings;
  private final @Nullable Owners owners;
  private final @Nullable Path directory;

  /// @param owners who here is who there; null: everybody keeps the id
  /// @param directory where the bytes of files go, under `minioPath`; null: files stay here
  public WayBack(LegacyAccess access, @Nullable Owners owners, @Nullable Path directory)
      throws IOException {
    this.owners = owners;
    this.directory = directory == null ? null : directory.toAbsolutePath().normalize();
    conversations = new PrismaTarget(access);
    try {
      belongings = conversations.belongings();
    } catch (IOException | RuntimeException failure) {
      conversations.close();
      throw failure;
    }
  }

  @Override
  public void conversation(String lines, String ownerId) throws IOException {
    conversations.write(Exported.of(lines), there(ownerId));
  }

  @Override
  public void belongings(Server owner, String ownerId) throws IOException {
    var settings =
        owner
            .patience()
            .call(
                () ->
                    owner
                        .chatSettings()
                        .getChatSettings(GetChatSettingsRequest.getDefaultInstance()));
    if (settings.hasUpdatedAt()) {
      belongings.settings(there(ownerId), settings);
    }
    if (directory != null) {
      files(owner, there(ownerId), directory);
    }
  }

  private void files(Server owner, String userId, Path into) throws IOException {
    var token = "";
    do {
      var request = ListFilesRequest.newBuilder().setPageSize(PAGE).setPageToken(token).build();
      var page = owner.patience().call(() -> owner.fileList().listFiles(request));
      for (var file : page.getFilesList()) {
        if (file.getState() == File.State.STATE_READY && !belongings.has(file)) {
          save(owner, file, within(into, file.getMinioPath()));
          belongings.file(userId, file);
        }
      }
      token = page.getNextPageToken();
    } while (!token.isEmpty());
  }

  /// Where a path of the server's leads; it is no reason to write elsewhere.
  private static Path within(Path directory, String path) throws IOException {
    var found = directory.resolve(path).normalize();
    if (found.equals(directory) || !found.startsWith(directory)) {
      throw new IOException("a file would lie outside of " + directory + ": " + path);
    }
    return found;
  }

  /// A file is there when it is whole.
  private static void save(Server owner, File file, Path path) throws IOException {
    Files.createDirectories(path.getParent());
    var next = path.resolveSibling(path.getFileName() + ".new");
    try {
      owner.patience().call(() -> download(owner, file, next));
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
    Files.move(next, path, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Path download(Server owner, File file, Path path) {
    var request = DownloadFileRequest.newBuilder().setFileId(file.getId()).build();
    try (var out = Files.newOutputStream(path)) {
      var call = owner.files().downloadFile(request);
      while (call.hasNext()) {
        call.read().getData().writeTo(out);
      }
      return path;
    } catch (StatusException failure) {
      throw new StatusRuntimeException(failure.getStatus(), failure.getTrailers());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
    }
  }

  private String there(String userId) {
    return owners == null ? userId : owners.there(userId);
  }

  @Override
  public void close() throws IOException {
    conversations.close();
  }
}
