package dev.agentserver.settings.flag.manage;

import static dev.agentserver.settings.text.ProtoText.clean;
import static dev.agentserver.settings.text.ProtoText.instant;
import static dev.agentserver.settings.text.ProtoText.timestamp;

import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.flag.manage.Flags.RolledBack;
import dev.agentserver.settings.flag.store.FlagDocument;
import dev.agentserver.settings.flag.store.Prerequisite;
import dev.agentserver.settings.flag.store.StoredFlag;
import dev.agentserver.settings.history.Entry;
import dev.agentserver.settings.history.Item;
import dev.agentserver.settings.v1.Flag;
import dev.agentserver.settings.v1.FlagEvaluators;
import dev.agentserver.settings.v1.FlagHistoryEntry;
import dev.agentserver.settings.v1.FlagPrerequisite;
import dev.agentserver.settings.v1.RollbackFlagResponse;
import dev.agentserver.settings.v1.UpdateFlagRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Flags in the contract and in the domain.
final class FlagProto {
  private static final List<String> ALL =
      List.of("definition", "prerequisites", "off_variant", "description");

  private FlagProto() {}

  static Item item(Flag flag) {
    if (flag.getKey().isEmpty()) {
      throw Problem.invalid("flag.key", "must be set");
    }
    return Item.value(flag.getKey(), flag.getEnvironment());
  }

  static FlagDocument document(Flag flag) {
    return new FlagDocument(
        StructProto.map(flag.getDefinition(), "flag.definition"),
        flag.getPrerequisitesList().stream()
            .map(each -> new Prerequisite(each.getKey(), clean(each.getVariant())))
            .toList(),
        clean(flag.getOffVariant()),
        clean(flag.getDescription()),
        false);
  }

  /// The edit that the request asks for, by its mask (AIP-134, AIP-161).
  static UnaryOperator<FlagDocument> edit(UpdateFlagRequest request) {
    var draft = document(request.getFlag());
    List<String> paths = request.getUpdateMask().getPathsList();
    if (paths.isEmpty()) {
      paths = populated(draft);
    } else if (paths.equals(List.of("*"))) {
      paths = ALL;
    }
    for (var path : paths) {
      if (!ALL.contains(path)) {
        throw Problem.invalid("update_mask", "names " + path + ", which cannot be changed");
      }
    }
    var names = paths;
    return old ->
        new FlagDocument(
            names.contains("definition") ? draft.definition() : old.definition(),
            names.contains("prerequisites") ? draft.prerequisites() : old.prerequisites(),
            names.contains("off_variant") ? draft.offVariant() : old.offVariant(),
            names.contains("description") ? draft.description() : old.description(),
            old.killed());
  }

  private static List<String> populated(FlagDocument draft) {
    var paths = new ArrayList<String>();
    if (draft.isDefined()) {
      paths.add("definition");
    }
    if (!draft.prerequisites().isEmpty()) {
      paths.add("prerequisites");
    }
    if (!draft.offVariant().isEmpty()) {
      paths.add("off_variant");
    }
    if (!draft.description().isEmpty()) {
      paths.add("description");
    }
    return paths;
  }

  static Flag toProto(StoredFlag flag) {
    return kept(flag.item(), flag.document())
        .setRevision(flag.revision())
        .setCreatedAt(timestamp(flag.createdAt()))
        .setUpdatedAt(timestamp(flag.updatedAt()))
        .setEtag(flag.etag())
        .build();
  }

  static Flag.Builder kept(Item item, FlagDocument document) {
    var flag =
        Flag.newBuilder()
            .setKey(item.key())
            .setEnvironment(environment(item))
            .setOffVariant(document.offVariant())
            .setDescription(document.description())
            .setKilled(document.killed());
    if (document.isDefined()) {
      flag.setDefinition(StructProto.struct(document.definition()));
    }
    document
        .prerequisites()
        .forEach(
            each ->
                flag.addPrerequisites(
                    FlagPrerequisite.newBuilder().setKey(each.key()).setVariant(each.variant())));
    return flag;
  }

  static String environment(Item item) {
    return item.environment().equals(Item.ALL) ? "" : item.environment();
  }

  /// A reply of before.
  static StoredFlag fromProto(Flag flag) {
    return new StoredFlag(
        item(flag),
        document(flag).withKilled(flag.getKilled()),
        flag.getRevision(),
        instant(flag.getCreatedAt()),
        instant(flag.getUpdatedAt()));
  }

  static FlagEvaluators evaluators(StoredFlag kept) {
    return FlagEvaluators.newBuilder()
        .setEnvironment(environment(kept.item()))
        .setEvaluators(StructProto.struct(kept.document().definition()))
        .setRevision(kept.revision())
        .setEtag(kept.etag())
        .build();
  }

  /// A reply of before. When they were made is not part of it.
  static StoredFlag fromProto(FlagEvaluators evaluators) {
    return new StoredFlag(
        Item.value(StoredFlag.EVALUATORS, evaluators.getEnvironment()),
        FlagDocument.of(StructProto.map(evaluators.getEvaluators(), "evaluators")),
        evaluators.getRevision(),
        Instant.EPOCH,
        Instant.EPOCH);
  }

  static RollbackFlagResponse toProto(RolledBack done) {
    var response = RollbackFlagResponse.newBuilder().setRevision(done.revision());
    done.flag()
        .ifPresent(
            flag -> {
              if (flag.isEvaluators()) {
                response.setEvaluators(evaluators(flag));
              } else {
                response.setFlag(toProto(flag));
              }
            });
    return response.build();
  }

  static RolledBack fromProto(RollbackFlagResponse response) {
    var flag =
        response.hasFlag()
            ? Optional.of(fromProto(response.getFlag()))
            : Optional.of(response)
                .filter(RollbackFlagResponse::hasEvaluators)
                .map(each -> fromProto(each.getEvaluators()));
    return new RolledBack(response.getRevision(), flag);
  }

  static FlagHistoryEntry toProto(Entry entry) {
    var revision = entry.revision();
    var item = entry.item();
    var history =
        FlagHistoryEntry.newBuilder()
            .setRevision(revision.number())
            .setKey(item.key())
            .setEnvironment(environment(item))
            .setKind(
                switch (revision.kind()) {
                  case ROLLBACK -> FlagHistoryEntry.Kind.KIND_ROLLBACK;
                  case SCHEDULED -> FlagHistoryEntry.Kind.KIND_SCHEDULED;
                  case CHANGE, IMPORT, DEFINITION -> FlagHistoryEntry.Kind.KIND_CHANGE;
                })
            .setChangedBy(revision.changedBy().toString())
            .setReason(revision.reason())
            .setCreatedAt(timestamp(revision.createdAt()));
    var text = entry.content().text();
    if (text != null) {
      var document = FlagDocument.parse(text);
      if (item.key().equals(StoredFlag.EVALUATORS)) {
        history.setEvaluators(
            FlagEvaluators.newBuilder()
                .setEnvironment(environment(item))
                .setEvaluators(StructProto.struct(document.definition()))
                .setRevision(revision.number()));
      } else {
        history.setFlag(kept(item, document).setRevision(revision.number()));
      }
    }
    return history.build();
  }
}
