package dev.agentserver.agentrun.session;

import static dev.agentserver.agentrun.text.ProtoText.clean;
import static dev.agentserver.agentrun.text.ProtoText.cleanOrNull;
import static dev.agentserver.agentrun.text.ProtoText.instant;
import static dev.agentserver.agentrun.text.ProtoText.orEmpty;
import static dev.agentserver.agentrun.text.ProtoText.timestamp;
import static dev.agentserver.agentrun.text.ProtoText.uuidOrNull;

import dev.agentserver.agentrun.session.PhaseStore.Attempted;
import dev.agentserver.agentrun.session.Session.Attributes;
import dev.agentserver.agentrun.session.Session.Failure;
import dev.agentserver.agentrun.session.Session.Times;
import dev.agentserver.agentrun.session.Session.Totals;
import dev.agentserver.agentrun.text.MaskProto;
import dev.agentserver.agentrun.text.ProtoText;
import dev.agentserver.agentrun.v1.CreateSessionRequest;
import dev.agentserver.agentrun.v1.ListSessionsRequest;
import dev.agentserver.agentrun.v1.SessionError;
import dev.agentserver.agentrun.v1.SessionPhase;
import dev.agentserver.agentrun.v1.SessionTotals;
import dev.agentserver.agentrun.v1.UpdateSessionRequest;
import dev.agentserver.kit.problem.Problem;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Sessions between the contract and the domain.
public final class SessionProto {
  private static final String TYPE = "TYPE_";
  private static final String STATE = "STATE_";
  private static final String PHASE = "PHASE_";
  private static final List<String> FIELDS =
      List.of(
          "title",
          "slug",
          "project_id",
          "conversation_id",
          "working_dir",
          "git_branch",
          "external_id",
          "metadata");

  private SessionProto() {}

  static Attributes draft(CreateSessionRequest request) {
    return new Attributes(
        clean(request.getTitle()),
        request.getSlug(),
        uuidOrNull(request.getProjectId()),
        uuidOrNull(request.getConversationId()),
        cleanOrNull(request.getWorkingDir()),
        cleanOrNull(request.getGitBranch()),
        cleanOrNull(request.getExternalId()),
        ProtoText.clean(request.getMetadataMap()));
  }

  static SessionFilter filter(ListSessionsRequest request) {
    var states = new TreeSet<SessionState>();
    request.getStatesList().forEach(state -> states.add(state(state)));
    return new SessionFilter(
        uuidOrNull(request.getProjectId()),
        uuidOrNull(request.getConversationId()),
        states,
        request.getTypeValue() == 0 ? null : type(request.getType()),
        phase(request.getPhase()),
        cleanOrNull(request.getSlug()),
        cleanOrNull(request.getExternalId()),
        ProtoText.clean(request.getMetadataMap()));
  }

  private static MaskProto mask(UpdateSessionRequest request) {
    return MaskProto.of(request.getUpdateMask(), request.getSession(), FIELDS);
  }

  /// The conversation that an update gives the session; null where it gives none.
  static @Nullable UUID conversation(UpdateSessionRequest request) {
    return mask(request).has("conversation_id")
        ? uuidOrNull(request.getSession().getConversationId())
        : null;
  }

  static UnaryOperator<Attributes> edit(UpdateSessionRequest request) {
    var changed = request.getSession();
    var mask = mask(request);
    if (mask.has("slug") && changed.getSlug().isEmpty()) {
      throw Problem.invalid("session.slug", "must not be empty");
    }
    return old ->
        new Attributes(
            mask.has("title") ? clean(changed.getTitle()) : old.title(),
            mask.has("slug") ? changed.getSlug() : old.slug(),
            mask.has("project_id") ? uuidOrNull(changed.getProjectId()) : old.projectId(),
            mask.has("conversation_id")
                ? uuidOrNull(changed.getConversationId())
                : old.conversationId(),
            mask.has("working_dir") ? cleanOrNull(changed.getWorkingDir()) : old.workingDir(),
            mask.has("git_branch") ? cleanOrNull(changed.getGitBranch()) : old.gitBranch(),
            mask.has("external_id") ? cleanOrNull(changed.getExternalId()) : old.externalId(),
            mask.metadata("session", old.metadata(), changed.getMetadataMap()));
  }

  public static dev.agentserver.agentrun.v1.Session toProto(Session session) {
    var attributes = session.attributes();
    var times = session.times();
    var proto =
        dev.agentserver.agentrun.v1.Session.newBuilder()
            .setId(session.id().toString())
            .setOwnerId(session.ownerId().toString())
            .setProjectId(orEmpty(attributes.projectId()))
            .setConversationId(orEmpty(attributes.conversationId()))
            .setSlug(attributes.slug())
            .setTitle(attributes.title())
            .setType(dev.agentserver.agentrun.v1.Session.Type.valueOf(TYPE + session.type().name()))
            .setState(
                dev.agentserver.agentrun.v1.Session.State.valueOf(STATE + session.state().name()))
            .setPhase(toProto(session.phase()))
            .setWorkingDir(orEmpty(attributes.workingDir()))
            .setGitBranch(orEmpty(attributes.gitBranch()))
            .setTotals(toProto(session.totals()))
            .setExternalId(orEmpty(attributes.externalId()))
            .putAllMetadata(attributes.metadata())
            .setEtag(session.etag())
            .setCreatedAt(timestamp(times.createdAt()))
            .setUpdatedAt(timestamp(times.updatedAt()))
            .setLastActivityAt(timestamp(times.lastActivityAt()));
    if (session.failure() != null) {
      proto.setError(toProto(session.failure()));
    }
    if (times.endedAt() != null) {
      proto.setEndedAt(timestamp(times.endedAt()));
    }
    if (times.expiresAt() != null) {
      proto.setExpiresAt(timestamp(times.expiresAt()));
    }
    return proto.build();
  }

  public static SessionError toProto(Failure failure) {
    return SessionError.newBuilder().setCode(failure.code()).setMessage(failure.message()).build();
  }

  private static dev.agentserver.agentrun.v1.Phase toProto(@Nullable Phase phase) {
    return phase == null
        ? dev.agentserver.agentrun.v1.Phase.PHASE_UNSPECIFIED
        : dev.agentserver.agentrun.v1.Phase.valueOf(PHASE + phase.name());
  }

  /// Beyond what an int32 can say the totals stand still.
  public static SessionTotals toProto(Totals totals) {
    var active = totals.active();
    return SessionTotals.newBuilder()
        .setRunCount(totals.runCount())
        .setInputTokens(Math.clamp(totals.inputTokens(), 0, Integer.MAX_VALUE))
        .setOutputTokens(Math.clamp(totals.outputTokens(), 0, Integer.MAX_VALUE))
        .setCost(decimal(totals.cost()))
        .setActiveTime(
            com.google.protobuf.Duration.newBuilder()
                .setSeconds(active.getSeconds())
                .setNanos(active.getNano()))
        .build();
  }

  private static String decimal(BigDecimal cost) {
    return cost.signum() == 0 ? "0" : cost.stripTrailingZeros().toPlainString();
  }

  /// The inverse of [#toProto], for replaying a stored reply. What no reply tells is as in a new
  /// session.
  public static Session fromProto(dev.agentserver.agentrun.v1.Session proto) {
    var etag = proto.getEtag().split("\\.", 2);
    var totals = proto.getTotals();
    return new Session(
        UUID.fromString(proto.getId()),
        UUID.fromString(proto.getOwnerId()),
        type(proto.getType()),
        state(proto.getState()),
        phase(proto.getPhase()),
        new Attributes(
            proto.getTitle(),
            proto.getSlug(),
            uuidOrNull(proto.getProjectId()),
            uuidOrNull(proto.getConversationId()),
            cleanOrNull(proto.getWorkingDir()),
            cleanOrNull(proto.getGitBranch()),
            cleanOrNull(proto.getExternalId()),
            proto.getMetadataMap()),
        new Totals(
            totals.getRunCount(),
            totals.getInputTokens(),
            totals.getOutputTokens(),
            new BigDecimal(totals.getCost()),
            Duration.ofSeconds(
                totals.getActiveTime().getSeconds(), totals.getActiveTime().getNanos())),
        0,
        proto.hasError()
            ? new Failure(proto.getError().getCode(), proto.getError().getMessage())
            : null,
        Long.parseLong(etag[0]),
        Long.parseLong(etag[1]),
        new Times(
            instant("created_at", proto.getCreatedAt()),
            instant("updated_at", proto.getUpdatedAt()),
            instant("last_activity_at", proto.getLastActivityAt()),
            proto.hasEndedAt() ? instant("ended_at", proto.getEndedAt()) : null,
            proto.hasExpiresAt() ? instant("expires_at", proto.getExpiresAt()) : null));
  }

  static SessionPhase toProto(Attempted attempted) {
    var proto =
        SessionPhase.newBuilder()
            .setNumber(attempted.number())
            .setPhase(toProto(attempted.phase()))
            .setAttempt(attempted.attempt())
            .setForced(attempted.forced())
            .setEnteredAt(timestamp(attempted.enteredAt()));
    if (attempted.leftAt() != null) {
      proto.setLeftAt(timestamp(attempted.leftAt()));
    }
    return proto.build();
  }

  static SessionType type(dev.agentserver.agentrun.v1.Session.Type type) {
    return SessionType.valueOf(type.name().substring(TYPE.length()));
  }

  private static SessionState state(dev.agentserver.agentrun.v1.Session.State state) {
    return SessionState.valueOf(state.name().substring(STATE.length()));
  }

  static @Nullable Phase phase(dev.agentserver.agentrun.v1.Phase phase) {
    return phase.getNumber() == 0 ? null : Phase.valueOf(phase.name().substring(PHASE.length()));
  }
}
