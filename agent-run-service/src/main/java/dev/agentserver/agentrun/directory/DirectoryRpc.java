package dev.agentserver.agentrun.directory;

import dev.agentserver.agentrun.v1.BrowseDirectoryRequest;
import dev.agentserver.agentrun.v1.BrowseDirectoryResponse;
import dev.agentserver.agentrun.v1.DirectoryEntry;
import dev.agentserver.agentrun.v1.DirectoryServiceGrpc;
import dev.agentserver.agentrun.v1.ValidatePathRequest;
import dev.agentserver.agentrun.v1.ValidatePathResponse;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;

/// DirectoryService: translation between the contract and [Directories].
public final class DirectoryRpc implements BindableService {
  private final Directories directories;
  private final PageSizes pages;

  public DirectoryRpc(Directories directories, PageSizes pages) {
    this.directories = directories;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(DirectoryServiceGrpc.getServiceDescriptor())
        .unary(DirectoryServiceGrpc.getBrowseDirectoryMethod(), this::browse)
        .unary(DirectoryServiceGrpc.getValidatePathMethod(), this::validate)
        .build();
  }

  private BrowseDirectoryResponse browse(BrowseDirectoryRequest request) {
    var caller = Callers.current();
    var method = DirectoryServiceGrpc.getBrowseDirectoryMethod().getFullMethodName();
    var scope = new PageScope(caller, method, request.getPath());
    var after = scope.position(request.getPageToken(), List::getFirst).orElse("");
    var size = pages.of(request.getPageSize());
    var found = directories.list(caller, method, request.getPath(), after, size + 1);
    var page = found.size() > size ? found.subList(0, size) : found;
    return BrowseDirectoryResponse.newBuilder()
        .addAllEntries(page.stream().map(DirectoryRpc::toProto).toList())
        .setNextPageToken(found.size() > size ? scope.token(List.of(page.getLast().name())) : "")
        .build();
  }

  private ValidatePathResponse validate(ValidatePathRequest request) {
    var method = DirectoryServiceGrpc.getValidatePathMethod().getFullMethodName();
    var found = directories.look(Callers.current(), method, request.getPath());
    var reply = ValidatePathResponse.newBuilder();
    found.ifPresent(
        entry ->
            reply
                .setEntry(toProto(entry))
                .setValid(
                    entry.kind()
                        == dev.agentserver.agentrun.directory.DirectoryEntry.Kind.DIRECTORY));
    return reply.build();
  }

  private static DirectoryEntry toProto(dev.agentserver.agentrun.directory.DirectoryEntry entry) {
    return DirectoryEntry.newBuilder()
        .setName(entry.name())
        .setPath(entry.path())
        .setKind(DirectoryEntry.Kind.valueOf("KIND_" + entry.kind().name()))
        .setIsRepository(entry.repository())
        .setHasClaudeDir(entry.claudeDir())
        .build();
  }
}
