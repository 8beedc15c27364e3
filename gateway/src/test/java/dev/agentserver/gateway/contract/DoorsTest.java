package dev.agentserver.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.common.v1.HttpDoor;
import dev.agentserver.gateway.test.TestContracts;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DoorsTest {
  private static final Set<String> NOTEBOOK = Set.of("notebook");

  @Test
  void aPathBelongsToTheDoorWhosePrefixItHas() {
    var doors = new Doors(TestContracts.load(), NOTEBOOK);
    assertThat(doors.find("GET", "/attic/a/b")).map(Door::isPublic).contains(false);
    assertThat(doors.find("GET", "/gallery/v1/")).map(Door::isPublic).contains(true);
    assertThat(doors.find("GET", "/attic")).isEmpty();
    assertThat(doors.find("GET", "/gallery/v2/a")).isEmpty();
    assertThat(new Doors(TestContracts.load(), Set.of()).all()).isEmpty();
  }

  @Test
  void aRouteTakesItsMethodAndTheSegmentsItNames() {
    var doors = new Doors(TestContracts.load(), NOTEBOOK);
    assertThat(doors.find("GET", "/v1/notes/7/drawing")).isPresent();
    assertThat(doors.find("HEAD", "/v1/notes/7/drawing")).isPresent();
    assertThat(doors.find("POST", "/v1/notes/7/drawing")).isEmpty();
    assertThat(doors.find("GET", "/v1/notes//drawing")).isEmpty();
    assertThat(doors.find("GET", "/v1/notes/7/8/drawing")).isEmpty();
    assertThat(doors.find("GET", "/v1/notes/7/drawing/")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /v1/{a}/7/drawing", "GET /v1/notes/{b}/drawing", "PUT /attic/a"})
  void whatARouteAndAnotherDoorAreAskedForStopsTheStart(String route) throws Exception {
    var contracts = with(HttpDoor.newBuilder().addRoutes(route).build());
    assertThatThrownBy(() -> new Doors(contracts, NOTEBOOK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("are asked for the same paths");
  }

  @Test
  void aPrefixMayComeWithTheRouteAboveIt() throws Exception {
    var door =
        HttpDoor.newBuilder().setPathPrefix("/v1/resume/").addRoutes("OPTIONS /v1/resume").build();
    var doors = new Doors(with(door), NOTEBOOK);
    assertThat(doors.find("OPTIONS", "/v1/resume")).isPresent();
    assertThat(doors.find("GET", "/v1/resume")).isEmpty();
    assertThat(doors.find("PATCH", "/v1/resume/7")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/v1/a", "HEAD /v1/a", "GET v1/a", "GET /v1/{a=**}", "GET /v1/a/"})
  void aRouteIsAMethodAndATemplate(String route) throws Exception {
    var contracts = with(HttpDoor.newBuilder().addRoutes(route).build());
    assertThatThrownBy(() -> new Doors(contracts, NOTEBOOK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + route + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/attic/", "/attic/deep/", "/gallery/"})
  void whatTwoDoorsAreAskedForStopsTheStart(String prefix) throws Exception {
    var contracts = with(prefix);
    assertThatThrownBy(() -> new Doors(contracts, NOTEBOOK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("are asked for the same paths")
        .hasMessageContaining(prefix);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "//", "door/", "/door"})
  void aPrefixGoesFromSlashToSlash(String prefix) throws Exception {
    var contracts = with(prefix);
    assertThatThrownBy(() -> new Doors(contracts, NOTEBOOK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + prefix + "\"")
        .hasMessageContaining("AtticService");
  }

  @Test
  void anUpstreamWithoutADoorStopsTheStart() {
    assertThatThrownBy(() -> new Doors(TestContracts.load(), Set.of("bookstore")))
        .hasMessageContaining("HTTP_UPSTREAMS names bookstore");
  }

  /// The contracts with a door more.
  private static Contracts with(String prefix) throws InvalidProtocolBufferException {
    return with(HttpDoor.newBuilder().setPathPrefix(prefix).build());
  }

  private static Contracts with(HttpDoor door) throws InvalidProtocolBufferException {
    var registry = ExtensionRegistry.newInstance();
    com.google.api.AnnotationsProto.registerAllExtensions(registry);
    AnnotationsProto.registerAllExtensions(registry);
    var set = FileDescriptorSet.parseFrom(TestContracts.load().bytes(), registry).toBuilder();
    for (var file : set.getFileBuilderList()) {
      for (var service : file.getServiceBuilderList()) {
        if (service.getName().equals("AtticService")) {
          service.getOptionsBuilder().addExtension(AnnotationsProto.httpDoor, door);
        }
      }
    }
    return Contracts.parse(set.build().toByteArray());
  }
}
