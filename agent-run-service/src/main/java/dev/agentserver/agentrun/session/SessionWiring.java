package dev.agentserver.agentrun.session;

import dev.agentserver.agentrun.directory.Directories;
import dev.agentserver.agentrun.directory.DirectoryRpc;
import dev.agentserver.agentrun.project.ProjectRpc;
import dev.agentserver.agentrun.project.Projects;
import dev.agentserver.agentrun.session.artifact.ArtifactRpc;
import dev.agentserver.agentrun.session.artifact.Artifacts;
import dev.agentserver.agentrun.session.artifact.StateFiles;
import dev.agentserver.agentrun.session.artifact.StateProto;
import dev.agentserver.agentrun.session.checkpoint.CheckpointRpc;
import dev.agentserver.agentrun.session.checkpoint.Checkpoints;
import dev.agentserver.agentrun.session.drive.Driving;
import dev.agentserver.agentrun.session.drive.SessionRuns;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.service.KitRuntime;
import io.grpc.BindableService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// Projects, sessions and what belongs to them.
///
/// @param driving expires sessions, too
/// @param runs what runs do to the session they are part of
/// @param artifacts where runs put what they make
public record SessionWiring(
    List<BindableService> services,
    Sessions sessions,
    Driving driving,
    SessionRuns runs,
    Artifacts artifacts) {
  /// @param lifetime after which a session fails if nothing happens
  /// @param roots the directories of this machine that may be looked at
  public static SessionWiring open(
      KitRuntime kit,
      Conversations conversations,
      SessionNews news,
      Supplier<Duration> lifetime,
      PageSizes pages,
      List<Path> roots) {
    var database = kit.database();
    var writes = kit.writes();
    var sessions = new Sessions(database, writes, kit.audit(), kit.ids(), conversations, lifetime);
    var driving = new Driving(database, writes, kit.audit(), sessions, news, lifetime);
    var checkpoints = new Checkpoints(database, writes, sessions, lifetime);
    var artifacts = new Artifacts(database, sessions, lifetime);
    var directories = new Directories(database, kit.audit(), roots);
    var states =
        new StateFiles(
            database,
            writes,
            sessions,
            driving,
            checkpoints,
            artifacts,
            directories,
            StateProto::read);
    var projects = new Projects(database, writes, kit.audit(), kit.ids());
    return new SessionWiring(
        List.of(
            new ProjectRpc(projects, pages),
            new DirectoryRpc(directories, pages),
            new SessionRpc(sessions, driving, pages),
            new CheckpointRpc(checkpoints, pages),
            new ArtifactRpc(artifacts, states, pages)),
        sessions,
        driving,
        new SessionRuns(sessions, driving, lifetime),
        artifacts);
  }
}
