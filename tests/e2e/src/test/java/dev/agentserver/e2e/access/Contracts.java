package dev.agentserver.e2e.access;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.ExtensionRegistry;
import dev.agentserver.common.v1.AnnotationsProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Every RPC of the descriptor set that clients are given.
final class Contracts {
  private static final String RESOURCE = "/agentserver/descriptor.binpb";
  private static final String OURS = "agentserver/";

  private Contracts() {}

  static List<Rpc> rpcs() {
    var registry = ExtensionRegistry.newInstance();
    AnnotationsProto.registerAllExtensions(registry);
    com.google.api.AnnotationsProto.registerAllExtensions(registry);
    com.google.api.FieldBehaviorProto.registerAllExtensions(registry);
    build.buf.validate.ValidateProto.registerAllExtensions(registry);
    var protos = new LinkedHashMap<String, FileDescriptorProto>();
    try (var set = Contracts.class.getResourceAsStream(RESOURCE)) {
      FileDescriptorSet.parseFrom(set, registry)
          .getFileList()
          .forEach(file -> protos.put(file.getName(), file));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    var linked = new LinkedHashMap<String, FileDescriptor>();
    return protos.keySet().stream()
        .filter(name -> name.startsWith(OURS))
        .map(name -> link(name, protos, linked))
        .flatMap(file -> file.getServices().stream())
        .flatMap(service -> service.getMethods().stream())
        .map(Rpc::new)
        .toList();
  }

  private static FileDescriptor link(
      String name, Map<String, FileDescriptorProto> protos, Map<String, FileDescriptor> linked) {
    if (!linked.containsKey(name)) {
      var proto = protos.get(name);
      var imports =
          proto.getDependencyList().stream()
              .map(each -> link(each, protos, linked))
              .toArray(FileDescriptor[]::new);
      try {
        linked.put(name, FileDescriptor.buildFrom(proto, imports));
      } catch (DescriptorValidationException failure) {
        throw new IllegalStateException(failure);
      }
    }
    return linked.get(name);
  }
}
