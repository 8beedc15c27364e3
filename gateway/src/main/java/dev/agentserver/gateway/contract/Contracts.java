package dev.agentserver.gateway.contract;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.rpc.ErrorDetailsProto;
import dev.agentserver.common.v1.AnnotationsProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The contracts that drive the gateway: a descriptor set with its imports, linked. The gateway
/// knows nothing of a service but what is in here.
public final class Contracts {
  private static final String RESOURCE = "/agentserver/descriptor.binpb";

  private final byte[] bytes;
  private final Collection<FileDescriptor> files;
  private final TypeRegistry types;

  private Contracts(byte[] bytes, Collection<FileDescriptor> files) {
    this.bytes = bytes;
    this.files = List.copyOf(files);
    this.types = registry(files);
  }

  /// Reads the set from a file, or, without one, the set that is built with the contracts.
  public static Contracts load(Optional<Path> file) {
    try (var resource = Contracts.class.getResourceAsStream(RESOURCE)) {
      if (file.isPresent()) {
        return parse(Files.readAllBytes(file.get()));
      }
      if (resource == null) {
        throw new IllegalArgumentException(
            "there is no descriptor set on the class path (" + RESOURCE + "); set DESCRIPTOR_SET");
      }
      return parse(resource.readAllBytes());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(
          "the descriptor set " + file.map(Path::toString).orElse(RESOURCE) + " cannot be read",
          unreadable);
    }
  }

  /// Links the files of a serialized descriptor set.
  public static Contracts parse(byte[] descriptorSet) {
    var registry = ExtensionRegistry.newInstance();
    com.google.api.AnnotationsProto.registerAllExtensions(registry);
    com.google.api.FieldBehaviorProto.registerAllExtensions(registry);
    AnnotationsProto.registerAllExtensions(registry);
    try {
      var protos = new LinkedHashMap<String, FileDescriptorProto>();
      for (var file : FileDescriptorSet.parseFrom(descriptorSet, registry).getFileList()) {
        protos.put(file.getName(), file);
      }
      var linked = new LinkedHashMap<String, FileDescriptor>();
      for (var name : protos.keySet()) {
        link(name, protos, linked);
      }
      return new Contracts(descriptorSet, linked.values());
    } catch (InvalidProtocolBufferException damaged) {
      throw new IllegalArgumentException(
          "Unable to parse proto descriptor: it is no descriptor set", damaged);
    }
  }

  private static FileDescriptor link(
      String name, Map<String, FileDescriptorProto> protos, Map<String, FileDescriptor> linked) {
    var known = linked.get(name);
    if (known != null) {
      return known;
    }
    var proto = protos.get(name);
    if (proto == null) {
      throw new IllegalArgumentException(
          "Unable to build proto descriptor pool: the descriptor set lacks the import "
              + name
              + "; build it with its imports");
    }
    var imports =
        proto.getDependencyList().stream()
            .map(each -> link(each, protos, linked))
            .toArray(FileDescriptor[]::new);
    try {
      var file = FileDescriptor.buildFrom(proto, imports);
      linked.put(name, file);
      return file;
    } catch (DescriptorValidationException invalid) {
      throw new IllegalArgumentException(
          "Unable to build proto descriptor pool: the set is not valid at "
              + name
              + ": "
              + invalid.getDescription(),
          invalid);
    }
  }

  /// The types that an Any may hold: those of the contracts, and the error details.
  private static TypeRegistry registry(Collection<FileDescriptor> files) {
    var registry = TypeRegistry.newBuilder();
    var seen = new HashSet<String>();
    var all = new ArrayList<>(files);
    all.add(ErrorDetailsProto.getDescriptor());
    for (var file : all) {
      for (var type : file.getMessageTypes()) {
        if (seen.add(type.getFullName())) {
          registry.add(type);
        }
      }
    }
    return registry.build();
  }

  /// The services of all files, in the order of the set.
  public List<ServiceDescriptor> services() {
    return files.stream().flatMap(file -> file.getServices().stream()).toList();
  }

  /// The message type of this full name.
  public @Nullable Descriptor type(String fullName) {
    return types.find(fullName);
  }

  public TypeRegistry types() {
    return types;
  }

  /// The set as it was read.
  public byte[] bytes() {
    return bytes.clone();
  }
}
