package dev.agentserver.file;

import dev.agentserver.file.blob.Blobs;
import dev.agentserver.file.blob.Quotas;
import dev.agentserver.file.db.DefaultSchema;
import dev.agentserver.file.erasure.FileEraser;
import dev.agentserver.file.library.DownloadUrls;
import dev.agentserver.file.library.Files;
import dev.agentserver.file.link.AgentRunPeer;
import dev.agentserver.file.link.ConversationPeer;
import dev.agentserver.file.link.FileNews;
import dev.agentserver.file.link.LearnedLinks;
import dev.agentserver.file.link.Links;
import dev.agentserver.file.link.Removals;
import dev.agentserver.file.object.ObjectStore;
import dev.agentserver.file.rpc.FileRpc;
import dev.agentserver.file.rpc.FileUrlRpc;
import dev.agentserver.file.rpc.TransferRpc;
import dev.agentserver.file.sweep.Sweeper;
import dev.agentserver.file.upload.Assembly;
import dev.agentserver.file.upload.Inspection;
import dev.agentserver.file.upload.ResumableUploads;
import dev.agentserver.file.upload.UploadUrls;
import dev.agentserver.file.upload.Uploads;
import dev.agentserver.kit.erasure.RowStore;
import dev.agentserver.kit.service.KitRuntime;
import io.grpc.BindableService;
import java.util.List;
import java.util.function.LongSupplier;

/// The service's own objects, without the process around them.
record DomainWiring(
    List<BindableService> services,
    Files files,
    Uploads uploads,
    ResumableUploads resumables,
    Sweeper sweeper,
    LearnedLinks learned,
    RowStore rows,
    FileEraser eraser) {
  /// @param nanoTime a clock that only goes on
  static DomainWiring open(
      KitRuntime kit,
      Config config,
      ObjectStore objects,
      ConversationPeer conversations,
      AgentRunPeer agentRuns,
      LongSupplier nanoTime) {
    var database = kit.database();
    var limits = config.limits();
    var quotas = new Quotas(limits.userBytes(), limits.tenantBytes());
    var blobs = new Blobs(database, objects, quotas, kit.ids(), config.uploadLease());
    var news = new FileNews(kit.outbox());
    var links = new Links(database, kit.ids(), conversations, agentRuns, news, nanoTime);
    var removals = new Removals(blobs, news);
    var files = new Files(database, kit.writes(), kit.audit(), objects, quotas, links, removals);
    var uploads =
        new Uploads(
            database,
            objects,
            blobs,
            quotas,
            new Inspection(objects, config.scan().scanner()),
            links,
            limits,
            kit.ids(),
            nanoTime);
    var assembly = new Assembly(database, objects, blobs, uploads, limits, nanoTime);
    var resumables = new ResumableUploads(database, blobs, quotas, uploads, assembly, limits);
    var sweeper = new Sweeper(database, objects, blobs, links, removals);
    var rows = new RowStore(DefaultSchema.DEFAULT_SCHEMA, List.of());
    return new DomainWiring(
        List.of(
            new FileRpc(
                files,
                links,
                sweeper,
                new TransferRpc(uploads, files, config.stall()),
                config.live().pages()),
            new FileUrlRpc(
                new UploadUrls(
                    database, objects, blobs, quotas, links, uploads, limits, config.urlValidity()),
                new DownloadUrls(database, kit.audit(), objects, links, config.urlValidity()))),
        files,
        uploads,
        resumables,
        sweeper,
        new LearnedLinks(kit.ids(), news),
        rows,
        new FileEraser(removals, rows));
  }
}
