package dev.agentserver.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.agentserver.gateway.test.TestContracts;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class MethodsTest {
  @Test
  void internalMethodsAndThoseWithoutPolicyAreNotServed() {
    var methods = new Methods(TestContracts.load(), Set.of("notebook.v1"));

    assertThat(methods.find("notebook.v1.NoteService/GetNote")).isPresent();
    assertThat(methods.find("notebook.v1.NoteService/Purge")).isEmpty();
    assertThat(methods.find("notebook.v1.NoteService/Forgotten")).isEmpty();
    assertThat(methods.find("bookstore.Bookstore/GetShelf")).isEmpty();
  }

  @Test
  void whatEveryProcessServesForItselfIsNotServed() {
    var contracts = Contracts.load(Optional.empty());

    var methods = new Methods(contracts, Set.of("agentserver"));

    assertThat(methods.all())
        .extracting(Method::fullName)
        .contains("agentserver.conversation.v1.MessageService/GetMessage")
        .noneMatch(name -> name.startsWith("agentserver.common.v1"));
  }

  @Test
  void theLongestPrefixIsTheUpstream() {
    var methods =
        new Methods(TestContracts.load(), Set.of("notebook", "notebook.v1.StreamService"));

    assertThat(methods.find("notebook.v1.StreamService/Chat"))
        .hasValueSatisfying(
            method -> assertThat(method.upstream()).isEqualTo("notebook.v1.StreamService"));
    assertThat(methods.find("notebook.v1.NoteService/GetNote"))
        .hasValueSatisfying(method -> assertThat(method.upstream()).isEqualTo("notebook"));
  }

  @Test
  void anUpstreamWithoutServicesIsRefused() {
    var contracts = TestContracts.load();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Methods(contracts, Set.of("note")))
        .withMessageContaining("note");
  }

  @Test
  void aDescriptorSetThatIsNoneIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Contracts.parse("hello".getBytes(StandardCharsets.UTF_8)))
        .withMessageContaining("Unable to parse proto descriptor");
    Assertions.assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> Contracts.load(Optional.of(Path.of("/nowhere/set.binpb"))))
        .withMessageContaining("/nowhere/set.binpb");
  }

  @Test
  void aDescriptorSetWithoutItsImportsIsRefused() {
    var file = FileDescriptorProto.newBuilder().setName("a.proto").addDependency("b.proto");
    var set = FileDescriptorSet.newBuilder().addFile(file).build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Contracts.parse(set.toByteArray()))
        .withMessageContaining("b.proto");
  }
}
