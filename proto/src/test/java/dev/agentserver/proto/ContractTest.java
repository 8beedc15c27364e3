package dev.agentserver.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.AnnotationsProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.ExtensionRegistry;
import com.google.rpc.Code;
import dev.agentserver.agentrun.v1.AgentServiceProto;
import dev.agentserver.agentrun.v1.AgentTemplateServiceProto;
import dev.agentserver.agentrun.v1.AnalyticsServiceProto;
import dev.agentserver.agentrun.v1.ArtifactServiceProto;
import dev.agentserver.agentrun.v1.BudgetServiceProto;
import dev.agentserver.agentrun.v1.CheckpointServiceProto;
import dev.agentserver.agentrun.v1.DashboardServiceProto;
import dev.agentserver.agentrun.v1.DirectoryServiceProto;
import dev.agentserver.agentrun.v1.PriceServiceProto;
import dev.agentserver.agentrun.v1.ProjectServiceProto;
import dev.agentserver.agentrun.v1.RunEventServiceProto;
import dev.agentserver.agentrun.v1.RunGrantServiceProto;
import dev.agentserver.agentrun.v1.RunServiceProto;
import dev.agentserver.agentrun.v1.SessionServiceProto;
import dev.agentserver.agentrun.v1.UsageExportServiceProto;
import dev.agentserver.agentrun.v1.UsageServiceProto;
import dev.agentserver.agentrun.v1.WorkerServiceProto;
import dev.agentserver.common.v1.AdminServiceProto;
import dev.agentserver.common.v1.ErrorReason;
import dev.agentserver.common.v1.OutboxServiceProto;
import dev.agentserver.common.v1.Policy;
import dev.agentserver.conversation.v1.BranchServiceProto;
import dev.agentserver.conversation.v1.ContextServiceProto;
import dev.agentserver.conversation.v1.ConversationExportServiceProto;
import dev.agentserver.conversation.v1.ConversationServiceProto;
import dev.agentserver.conversation.v1.EventServiceProto;
import dev.agentserver.conversation.v1.FeedbackServiceProto;
import dev.agentserver.conversation.v1.LegalHoldServiceProto;
import dev.agentserver.conversation.v1.MemberServiceProto;
import dev.agentserver.conversation.v1.MessageServiceProto;
import dev.agentserver.conversation.v1.SearchServiceProto;
import dev.agentserver.conversation.v1.ShareServiceProto;
import dev.agentserver.conversation.v1.StreamServiceProto;
import dev.agentserver.conversation.v1.TagServiceProto;
import dev.agentserver.file.v1.FileServiceProto;
import dev.agentserver.file.v1.FileUrlServiceProto;
import dev.agentserver.settings.v1.AccessServiceProto;
import dev.agentserver.settings.v1.ApiKeyServiceProto;
import dev.agentserver.settings.v1.ChatSettingsServiceProto;
import dev.agentserver.settings.v1.ConfigurationServiceProto;
import dev.agentserver.settings.v1.CredentialServiceProto;
import dev.agentserver.settings.v1.FlagScheduleServiceProto;
import dev.agentserver.settings.v1.FlagServiceProto;
import dev.agentserver.settings.v1.IntegrationServiceProto;
import dev.agentserver.settings.v1.InternalServiceProto;
import dev.agentserver.settings.v1.MasterKeyServiceProto;
import dev.agentserver.settings.v1.ModelServiceProto;
import dev.agentserver.settings.v1.OrganizationServiceProto;
import dev.agentserver.settings.v1.ProviderServiceProto;
import dev.agentserver.settings.v1.RoleServiceProto;
import dev.agentserver.settings.v1.RunTokenServiceProto;
import dev.agentserver.settings.v1.SecretAccessServiceProto;
import dev.agentserver.settings.v1.SettingDefinitionServiceProto;
import dev.agentserver.settings.v1.SettingFeedServiceProto;
import dev.agentserver.settings.v1.ToolServiceProto;
import dev.agentserver.settings.v1.UserServiceProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The rules that every contract keeps.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContractTest {
  private static final List<FileDescriptor> FILES =
      List.of(
          AgentServiceProto.getDescriptor(),
          AgentTemplateServiceProto.getDescriptor(),
          AdminServiceProto.getDescriptor(),
          OutboxServiceProto.getDescriptor(),
          AccessServiceProto.getDescriptor(),
          UserServiceProto.getDescriptor(),
          RoleServiceProto.getDescriptor(),
          ApiKeyServiceProto.getDescriptor(),
          ChatSettingsServiceProto.getDescriptor(),
          OrganizationServiceProto.getDescriptor(),
          InternalServiceProto.getDescriptor(),
          RunTokenServiceProto.getDescriptor(),
          SecretAccessServiceProto.getDescriptor(),
          RunGrantServiceProto.getDescriptor(),
          RunEventServiceProto.getDescriptor(),
          PriceServiceProto.getDescriptor(),
          ProjectServiceProto.getDescriptor(),
          DirectoryServiceProto.getDescriptor(),
          SessionServiceProto.getDescriptor(),
          CheckpointServiceProto.getDescriptor(),
          ArtifactServiceProto.getDescriptor(),
          RunServiceProto.getDescriptor(),
          WorkerServiceProto.getDescriptor(),
          UsageServiceProto.getDescriptor(),
          BudgetServiceProto.getDescriptor(),
          UsageExportServiceProto.getDescriptor(),
          AnalyticsServiceProto.getDescriptor(),
          DashboardServiceProto.getDescriptor(),
          SettingDefinitionServiceProto.getDescriptor(),
          ConfigurationServiceProto.getDescriptor(),
          SettingFeedServiceProto.getDescriptor(),
          CredentialServiceProto.getDescriptor(),
          MasterKeyServiceProto.getDescriptor(),
          FlagServiceProto.getDescriptor(),
          FlagScheduleServiceProto.getDescriptor(),
          ProviderServiceProto.getDescriptor(),
          ModelServiceProto.getDescriptor(),
          IntegrationServiceProto.getDescriptor(),
          ToolServiceProto.getDescriptor(),
          dev.agentserver.flagd.evaluation.v1.EvaluationProto.getDescriptor(),
          dev.agentserver.flagd.evaluation.v2.EvaluationProto.getDescriptor(),
          FileServiceProto.getDescriptor(),
          FileUrlServiceProto.getDescriptor(),
          ContextServiceProto.getDescriptor(),
          ConversationExportServiceProto.getDescriptor(),
          dev.agentserver.agentrun.v1.FileAccessServiceProto.getDescriptor(),
          dev.agentserver.conversation.v1.FileAccessServiceProto.getDescriptor(),
          ConversationServiceProto.getDescriptor(),
          BranchServiceProto.getDescriptor(),
          MessageServiceProto.getDescriptor(),
          SearchServiceProto.getDescriptor(),
          MemberServiceProto.getDescriptor(),
          LegalHoldServiceProto.getDescriptor(),
          FeedbackServiceProto.getDescriptor(),
          TagServiceProto.getDescriptor(),
          ShareServiceProto.getDescriptor(),
          EventServiceProto.getDescriptor(),
          StreamServiceProto.getDescriptor());

  @Test
  void everyServiceOfTheDescriptorSetIsCheckedHere() throws IOException {
    var services =
        descriptorSet().getFileList().stream()
            .filter(file -> file.getPackage().matches("(agentserver|flagd)\\..*"))
            .flatMap(
                file ->
                    file.getServiceList().stream()
                        .map(service -> file.getPackage() + "." + service.getName()));
    assertThat(services)
        .containsExactlyInAnyOrderElementsOf(
            FILES.stream()
                .flatMap(file -> file.getServices().stream())
                .map(service -> service.getFullName())
                .toList());
  }

  @Test
  void everyRpcHasAPolicy() {
    assertThat(methods())
        .allSatisfy(
            method -> {
              var policy = policy(method);
              assertThat(policy.getPermission())
                  .as(method.getFullName())
                  .matches("public|authenticated|[a-z]+:[a-z_]+");
              assertThat(policy.getMemberRole())
                  .as(method.getFullName())
                  .isIn("", "VIEWER", "EDITOR", "OWNER");
            });
  }

  @Test
  void everyWriteWithoutANaturalKeyTakesARequestId() {
    assertThat(methods())
        .filteredOn(
            method ->
                method.getOptions().getIdempotencyLevel() == IdempotencyLevel.IDEMPOTENCY_UNKNOWN)
        .isNotEmpty()
        .allSatisfy(
            method ->
                assertThat(method.getInputType().findFieldByName("request_id"))
                    .as(method.getFullName())
                    .isNotNull());
  }

  @Test
  void everyListHasPages() {
    assertThat(methods())
        .filteredOn(method -> method.getName().startsWith("List"))
        .isNotEmpty()
        .allSatisfy(
            method -> {
              assertThat(names(method.getInputType()))
                  .as(method.getFullName())
                  .contains("page_size", "page_token");
              assertThat(names(method.getOutputType()))
                  .as(method.getFullName())
                  .contains("next_page_token");
            });
  }

  @Test
  void everyRestRouteUnderV1IsAMainRuleAndResponseBodyStandsOnlyInAdditionalBindings() {
    assertThat(methods())
        .filteredOn(method -> method.getOptions().hasExtension(AnnotationsProto.http))
        .isNotEmpty()
        .allSatisfy(
            method -> {
              var rule = method.getOptions().getExtension(AnnotationsProto.http);
              var path =
                  Stream.of(
                          rule.getGet(),
                          rule.getPost(),
                          rule.getPut(),
                          rule.getPatch(),
                          rule.getDelete())
                      .filter(text -> !text.isEmpty())
                      .findFirst()
                      .orElseThrow();
              assertThat(path).as(method.getFullName()).startsWith("/v1/");
              assertThat(rule.getResponseBody()).as(method.getFullName()).isEmpty();
            });
  }

  /// A service of methods for gRPC alone has no others: Envoy opens or closes a whole service.
  @Test
  void whatIsForGrpcAloneHasNoRouteAndNoCompany() {
    assertThat(methods())
        .filteredOn(method -> policy(method).getGrpcOnly())
        .allSatisfy(
            method -> {
              assertThat(method.getOptions().hasExtension(AnnotationsProto.http))
                  .as(method.getFullName())
                  .isFalse();
              assertThat(method.getService().getMethods())
                  .allMatch(each -> policy(each).getGrpcOnly() || policy(each).getInternal());
            });
  }

  private static Policy policy(MethodDescriptor method) {
    return method.getOptions().getExtension(dev.agentserver.common.v1.AnnotationsProto.policy);
  }

  @Test
  void everyErrorReasonHasAStatus() {
    assertThat(
            Arrays.stream(ErrorReason.values())
                .filter(reason -> reason != ErrorReason.UNRECOGNIZED))
        .allSatisfy(
            reason ->
                assertThat(
                        reason
                            .getValueDescriptor()
                            .getOptions()
                            .getExtension(dev.agentserver.common.v1.AnnotationsProto.status))
                    .as(reason.name())
                    .isNotEqualTo(Code.OK));
  }

  @Test
  void thePageOfErrorsNamesEveryReason() throws IOException {
    var page = Files.readString(Path.of("..", "docs", "errors.md"));
    assertThat(
            Arrays.stream(ErrorReason.values())
                .skip(1)
                .filter(reason -> reason != ErrorReason.UNRECOGNIZED))
        .allSatisfy(
            reason ->
                assertThat(page)
                    .contains("| `" + reason.name().substring("ERROR_REASON_".length()) + "` |"));
  }

  /// A field's comment is at its path in the source info; so is everybody else's.
  @Test
  void everyElementHasAComment() throws IOException {
    var bare = new ArrayList<String>();
    for (var file : descriptorSet().getFileList()) {
      if (!file.getPackage().matches("(agentserver|flagd)\\..*")) {
        continue;
      }
      var commented = new HashSet<List<Integer>>();
      for (var location : file.getSourceCodeInfo().getLocationList()) {
        if (!location.getLeadingComments().isBlank()) {
          commented.add(location.getPathList());
        }
      }
      file.getSourceCodeInfo().getLocationList().stream()
          .filter(ContractTest::isElement)
          .filter(location -> !commented.contains(location.getPathList()))
          .forEach(location -> bare.add(file.getName() + ":" + (location.getSpan(0) + 1)));
    }
    assertThat(bare).isEmpty();
  }

  /// Whether a location is a declaration: a path of (field number, index) pairs of messages (4),
  /// enums (5), services (6) and extensions (7) of a file; fields (2), nested messages (3), enums
  /// (4), oneofs (8) of a message; values and methods (2).
  private static boolean isElement(SourceCodeInfo.Location location) {
    var path = location.getPathList();
    if (path.size() < 2 || path.size() % 2 != 0 || !List.of(4, 5, 6, 7).contains(path.get(0))) {
      return false;
    }
    var inMessage = path.get(0) == 4;
    for (var i = 2; i < path.size(); i += 2) {
      var kind = path.get(i);
      if (inMessage ? !List.of(2, 3, 4, 8).contains(kind) : kind != 2) {
        return false;
      }
      inMessage = inMessage && kind == 3;
    }
    return true;
  }

  private static List<MethodDescriptor> methods() {
    return FILES.stream()
        .flatMap(file -> file.getServices().stream())
        .flatMap(service -> service.getMethods().stream())
        .toList();
  }

  private static List<String> names(Descriptor message) {
    return message.getFields().stream().map(FieldDescriptor::getName).toList();
  }

  private static FileDescriptorSet descriptorSet() throws IOException {
    try (var in = ContractTest.class.getResourceAsStream("/agentserver/descriptor.binpb")) {
      return FileDescriptorSet.parseFrom(in, ExtensionRegistry.getEmptyRegistry());
    }
  }
}
