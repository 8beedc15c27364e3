package dev.agentserver.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import com.google.rpc.ErrorDetailsProto;
import com.google.rpc.StatusProto;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashSet;

/// Makes JavaScript from the descriptor set of the contracts, and from the standard errors that no
/// contract names, with the official plugin. protoc itself is not needed: what it does for a plugin
/// is to parse, and the set is parsed already.
public final class Generator {
  private static final String IN_THE_RUNTIME = "google/protobuf/";

  private Generator() {}

  static void run(NodeProject project) throws IOException, InterruptedException {
    try (var contracts = Generator.class.getResourceAsStream("/agentserver/descriptor.binpb")) {
      run(project, FileDescriptorSet.parseFrom(contracts));
    }
  }

  /// The same of other contracts.
  public static void run(NodeProject project, FileDescriptorSet contracts)
      throws IOException, InterruptedException {
    var set = withErrors(contracts);
    var request =
        CodeGeneratorRequest.newBuilder()
            .setParameter("target=js,import_extension=js")
            .addAllProtoFile(set.getFileList());
    set.getFileList().stream()
        .map(FileDescriptorProto::getName)
        .filter(name -> !name.startsWith(IN_THE_RUNTIME))
        .forEach(request::addFileToGenerate);
    var reply = project.filter(request.build().toByteArray(), "node_modules/.bin/protoc-gen-es");
    var response = CodeGeneratorResponse.parseFrom(reply);
    assertThat(response.getError()).isEmpty();
    for (var file : response.getFileList()) {
      var path = project.directory().resolve("generated").resolve(file.getName());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getContent());
    }
  }

  private static FileDescriptorSet withErrors(FileDescriptorSet contracts) {
    var all = contracts.toBuilder();
    var known = new LinkedHashSet<String>();
    all.getFileList().forEach(each -> known.add(each.getName()));
    add(ErrorDetailsProto.getDescriptor(), known, all);
    add(StatusProto.getDescriptor(), known, all);
    return all.build();
  }

  private static void add(
      FileDescriptor file, LinkedHashSet<String> known, FileDescriptorSet.Builder all) {
    if (known.add(file.getName())) {
      file.getDependencies().forEach(each -> add(each, known, all));
      all.addFile(file.toProto());
    }
  }
}
