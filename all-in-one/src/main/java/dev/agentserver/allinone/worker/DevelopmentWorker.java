package dev.agentserver.allinone.worker;

import dev.agentserver.allinone.data.StartFailure;
import dev.agentserver.worker.reference.ReferenceWorker;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/// Who works on the runs of the development agents: nobody, somebody, or somebody with a model.
///
/// @param wanted whether there is one
/// @param modelUrl the endpoint of a model; null: none
/// @param modelKeyFile the file with the key of that endpoint; null: it needs none
public record DevelopmentWorker(
    boolean wanted, @Nullable URI modelUrl, @Nullable Path modelKeyFile) {
  /// What can be seen to be wrong is refused before anything is started.
  public void check() {
    if (modelUrl != null
        && (modelUrl.getHost() == null
            || !String.valueOf(modelUrl.getScheme()).matches("https?"))) {
      throw new StartFailure("--model-url is " + modelUrl + ", which is no http or https URL.");
    }
    if (modelKeyFile != null && !Files.isReadable(modelKeyFile)) {
      throw new StartFailure("--model-key-file names " + modelKeyFile + ", which cannot be read.");
    }
  }

  /// @param gateway where it finds its work
  /// @param key of the owner of the tenant it works for
  public ReferenceWorker start(String gateway, String key) {
    var variables = new HashMap<String, String>();
    variables.put("URL", gateway);
    variables.put("API_KEY", key);
    variables.put("NAME", "./run");
    variables.put("QUEUES", DevelopmentAgents.QUEUE);
    if (modelUrl != null) {
      variables.put("MODEL_URL", modelUrl.toString());
    }
    if (modelKeyFile != null) {
      variables.put("MODEL_KEY_FILE", modelKeyFile.toString());
    }
    return ReferenceWorker.start(variables);
  }
}
