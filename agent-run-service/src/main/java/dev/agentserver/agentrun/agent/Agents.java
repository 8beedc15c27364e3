package dev.agentserver.agentrun.agent;

import dev.agentserver.agentrun.agent.Agent.Attributes;
import dev.agentserver.agentrun.agent.Agent.Version;
import dev.agentserver.agentrun.agent.AgentListStore.Position;
import dev.agentserver.agentrun.agent.registry.Registry;
import dev.agentserver.agentrun.agent.template.Templates;
import dev.agentserver.agentrun.link.FileLinks;
import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jspecify.annotations.Nullable;

/// Makes, finds and changes agents.
public final class Agents {
  static final String RESOURCE = "agent";
  static final String VERSION = "agent version";
  private static final String MAX_TOKENS = "agent.config.max_tokens";

  /// A page of agents, and where the next one begins; null on the last.
  record Page(List<Agent> agents, @Nullable Position next) {}

  /// A page of versions, and the one before which the next page begins; null on the last.
  record Versions(List<Version> versions, @Nullable Integer next) {}

  private final Database database;
  private final Writes writes;
  private final AuditTrail audit;
  private final Ids ids;
  private final Templates templates;
  private final Registry registry;
  private final AgentSettings settings;
  private final FileLinks files;
  private final AgentStore store = new AgentStore();
  private final AgentListStore lists = new AgentListStore();
  private final VersionStore versions = new VersionStore();

  public Agents(
      Database database,
      Writes writes,
      AuditTrail audit,
      Ids ids,
      Templates templates,
      Registry registry,
      AgentSettings settings,
      FileLinks files) {
    this.database = database;
    this.writes = writes;
    this.audit = audit;
    this.ids = ids;
    this.templates = templates;
    this.registry = registry;
    this.settings = settings;
    this.files = files;
  }

  /// Makes an agent, from its template where it names one. What it refers to is asked for before
  /// the transaction.
  public Agent create(Caller caller, Attempt<Agent> attempt, NewAgent draft) {
    var template = draft.templateId() == null ? null : templates.forUse(caller, draft.templateId());
    var filled = template == null ? draft : draft.from(template);
    if (filled.attributes().name().isEmpty()) {
      throw Problem.invalid("agent.name", "must be set");
    }
    List<String> required = template == null ? List.of() : template.attributes().integrations();
    var whole = filled.config().orElse(settings);
    checkTokens(filled.config().maxTokens(), whole);
    var config = registry.resolve(whole, required);
    return writes.once(
        caller,
        attempt,
        db -> {
          var limit = settings.maxPerUser().get();
          if (store.countAlone(db, caller.tenantId(), caller.principalId()) >= limit) {
            throw new Problem.Refused(
                    "AGENT_LIMIT_EXCEEDED",
                    "a user may own " + limit + " agents",
                    Map.of("limit", limit.toString()))
                .raise();
          }
          var id = filled.id() == null ? ids.next() : filled.id();
          naming(id, filled.attributes(), () -> store.insert(db, caller, id, filled));
          versions.insert(db, caller, id, 1, config);
          if (template != null) {
            templates.count(db, template);
          }
          record(db, caller, attempt.method(), id, filled.attributes(), 1);
          return find(db, caller, id);
        });
  }

  /// Nobody asks for longer answers than the installation allows and the model gives.
  private void checkTokens(@Nullable Integer asked, AgentConfig config) {
    settings.tokensAllowed().check(MAX_TOKENS, asked);
    if (asked != null) {
      registry.tokenLimit(config).check(MAX_TOKENS, asked);
    }
  }

  public Agent get(Caller caller, UUID id) {
    return database.read(db -> find(db, caller, id));
  }

  Page list(Caller caller, AgentFilter filter, @Nullable Position after, int size) {
    var found = database.read(db -> lists.list(db, caller, filter, after, size + 1));
    var page = PageCut.of(found, size, Agents::characters);
    return new Page(page, page.size() < found.size() ? Position.of(page.getLast()) : null);
  }

  /// @param etag the state the caller has seen; empty: whatever it is
  Agent update(Caller caller, Attempt<Agent> attempt, UUID id, String etag, Change change) {
    var seen = database.read(db -> reachable(db, caller, Access.WRITE, id));
    var wanted = change.applyTo(seen).config();
    if (wanted != null) {
      checkTokens(wanted.maxTokens(), wanted);
    }
    var resolved = wanted == null ? null : registry.resolve(wanted, List.of());
    return writes.once(
        caller,
        attempt,
        db -> {
          var current =
              store
                  .lock(db, caller, Access.WRITE, id)
                  .orElseThrow(() -> Access.WRITE.refusal(db, caller, id));
          checkEtag(current, etag);
          var result = change.applyTo(current);
          if (result.config() == null && result.attributes().equals(current.attributes())) {
            return current;
          }
          var version = current.currentVersion();
          if (result.config() != null) {
            version++;
            versions.insert(db, caller, id, version, owned(result.config(), resolved, current));
          }
          var number = version;
          var attributes = result.attributes();
          naming(id, attributes, () -> store.update(db, caller.tenantId(), id, attributes, number));
          record(db, caller, attempt.method(), id, attributes, version);
          return find(db, caller, id);
        });
  }

  /// Tools keep the integration that they belong to, which settings-service has told now or before.
  private static AgentConfig owned(
      AgentConfig config, @Nullable AgentConfig resolved, Agent current) {
    return config.withOwners(
        tool -> {
          var known = resolved == null ? current.config() : resolved;
          return known.tools().stream()
              .filter(each -> each.toolId().equals(tool))
              .map(AgentConfig.AgentTool::integrationId)
              .filter(Objects::nonNull)
              .findFirst()
              .orElse(null);
        });
  }

  /// @param etag the state the caller has seen; empty: whatever it is
  boolean delete(Caller caller, Attempt<Boolean> attempt, UUID id, String etag) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var current =
              store
                  .lock(db, caller, Access.DELETE, id)
                  .orElseThrow(() -> Access.DELETE.refusal(db, caller, id));
          checkEtag(current, etag);
          store.markDeleted(db, caller.tenantId(), id);
          files.agentDeleted(db, caller.tenantId(), id);
          audit.record(
              db, caller, new AuditRecord(attempt.method(), RESOURCE, id.toString(), Map.of()));
          return true;
        });
  }

  /// Whether the caller may see one of these.
  public boolean isAnyReadable(Caller caller, Collection<UUID> ids) {
    return !ids.isEmpty()
        && caller.run() == null
        && Access.READ.mayBeUsedBy(caller)
        && database.read(db -> store.hasAny(db, caller, ids));
  }

  Agent setFavorite(Caller caller, UUID id, boolean favorite) {
    return database.write(
        db -> {
          find(db, caller, id);
          store.setFavorite(db, caller.tenantId(), caller.principalId(), id, favorite);
          return find(db, caller, id);
        });
  }

  Versions versions(Caller caller, UUID id, @Nullable Integer before, int size) {
    var found = database.read(db -> versions.list(db, caller, id, before, size + 1));
    if (found.isEmpty() && before == null) {
      throw notFound(id);
    }
    return found.size() <= size
        ? new Versions(found, null)
        : new Versions(found.subList(0, size), found.get(size - 1).version());
  }

  Version version(Caller caller, UUID id, int version) {
    return database
        .read(db -> versions.find(db, caller, id, version))
        .orElseThrow(() -> new Problem.NotFound(VERSION, id + "/versions/" + version).raise());
  }

  private Agent find(DSLContext db, Caller caller, UUID id) {
    return store.find(db, caller, Access.READ, id).orElseThrow(() -> notFound(id));
  }

  private Agent reachable(DSLContext db, Caller caller, Access access, UUID id) {
    return store.find(db, caller, access, id).orElseThrow(() -> access.refusal(db, caller, id));
  }

  private static RuntimeException notFound(UUID id) {
    return new Problem.NotFound(RESOURCE, id.toString()).raise();
  }

  private static void checkEtag(Agent current, String etag) {
    if (!etag.isEmpty() && !current.matches(etag)) {
      throw new Problem.Stale(RESOURCE, current.id().toString(), current.etag()).raise();
    }
  }

  /// Runs a write and says what was taken when the database finds a value that must be unique.
  private static void naming(UUID id, Attributes attributes, Runnable write) {
    try {
      write.run();
    } catch (IntegrityConstraintViolationException e) {
      throw switch (Constraints.violated(e).orElse("")) {
        case "agent_pk" -> new Problem.AlreadyExists(RESOURCE, id.toString()).raise();
        case "agent_external_id_unique" ->
            new Problem.AlreadyExists(RESOURCE, "external_id " + attributes.externalId()).raise();
        default -> e;
      };
    }
  }

  /// About how long an agent is in a list.
  private static int characters(Agent agent) {
    var attributes = agent.attributes();
    var template = agent.template();
    var metadata =
        attributes.metadata().entrySet().stream()
            .mapToInt(pair -> pair.getKey().length() + pair.getValue().length())
            .sum();
    return 1_000
        + metadata
        + attributes.name().length()
        + attributes.description().length()
        + attributes.goal().length()
        + (template == null ? 0 : template.characters());
  }

  private void record(
      DSLContext db, Caller caller, String action, UUID id, Attributes attributes, int version) {
    var changes =
        Map.of(
            "name", attributes.name(),
            "visibility", attributes.visibility().name(),
            "state", attributes.state().name(),
            "current_version", Integer.toString(version));
    audit.record(db, caller, new AuditRecord(action, RESOURCE, id.toString(), changes));
  }
}
