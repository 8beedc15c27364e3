package dev.agentserver.agentrun.session;

import dev.agentserver.agentrun.directory.Directories;
import dev.agentserver.agentrun.directory.DirectoryRpc;
import dev.agentserver.agentrun.link.FileLinks;
import dev.agentserver.agentrun.project.ProjectRpc;
import dev.agentserver.agentrun.project.Projects;
import dev.agentserver.agentrun.run.OpenRuns;
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
import java.util.List;

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
  /// @param open ends the runs of sessions that end
  /// @param roots the directories of this machine that may be looked at
  public static SessionWiring open(
      KitRuntime kit,
      SessionCore core,
      OpenRuns open,
      FileLinks files,
      PageSizes pages,
      List<Path> roots) {
    var database = kit.database();
    var writes = kit.writes();
    var sessions = core.sessions();
    var lifetime = core.lifetime();
    var driving =
        new Driving(
            database,
            writes,
            kit.audit(),
            sessions,
            core.moves(),
            open,
            core.news(),
            files,
            lifetime);
    var checkpoints = new Checkpoints(database, writes, sessions, lifetime);
    var artifacts = new Artifacts(database, sessions, files, lifetime);
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
        core.runs(),
        artifacts);
  }
}
