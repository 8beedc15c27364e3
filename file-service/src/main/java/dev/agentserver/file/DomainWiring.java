package dev.agentserver.file;

import dev.agentserver.file.blob.Blobs;
import dev.agentserver.file.blob.Quotas;
import dev.agentserver.file.db.DefaultSchema;
import dev.agentserver.file.erasure.FileEraser;
import dev.agentserver.file.library.Files;
import dev.agentserver.file.link.ConversationPeer;
import dev.agentserver.file.link.Links;
import dev.agentserver.file.link.Removals;
import dev.agentserver.file.object.ObjectStore;
import dev.agentserver.file.rpc.FileRpc;
import dev.agentserver.file.rpc.TransferRpc;
import dev.agentserver.file.sweep.Sweeper;
import dev.agentserver.file.upload.Inspection;
import dev.agentserver.file.upload.Uploads;
import dev.agentserver.kit.erasure.RowStore;
import dev.agentserver.kit.service.KitRuntime;
import io.grpc.BindableService;
import java.util.List;

/// The service's own objects, without the process around them.
record DomainWiring(
    List<BindableService> services,
    Files files,
    Uploads uploads,
    Sweeper sweeper,
    RowStore rows,
    FileEraser eraser) {
  static DomainWiring open(
      KitRuntime kit, Config config, ObjectStore objects, ConversationPeer conversations) {
    var database = kit.database();
    var limits = config.limits();
    var quotas = new Quotas(limits.userBytes(), limits.tenantBytes());
    var blobs = new Blobs(database, objects, quotas, kit.ids(), config.uploadLease());
    var links = new Links(database, kit.ids(), conversations);
    var removals = new Removals(blobs);
    var files = new Files(database, kit.writes(), kit.audit(), objects, quotas, links, removals);
    var uploads =
        new Uploads(
            database,
            objects,
            blobs,
            quotas,
            new Inspection(objects, config.scan().scanner()),
            limits,
            kit.ids(),
            System::nanoTime);
    var sweeper = new Sweeper(database, objects, blobs, links, removals);
    var rows = new RowStore(DefaultSchema.DEFAULT_SCHEMA, List.of());
    return new DomainWiring(
        List.of(
            new FileRpc(
                files,
                links,
                sweeper,
                new TransferRpc(uploads, files, config.stall()),
                config.live().pages())),
        files,
        uploads,
        sweeper,
        rows,
        new FileEraser(removals, rows));
  }
}
