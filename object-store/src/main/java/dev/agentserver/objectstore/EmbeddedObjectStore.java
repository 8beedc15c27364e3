package dev.agentserver.objectstore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.CrossOriginResourceSharing;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/// An S3 server in this process, on the loopback interface, which keeps its objects in a directory
/// and checks signatures. What it acknowledged survives the end of the process and of the machine.
/// A page of any origin may use a presigned URL: that is the credential, and cookies are none here.
public final class EmbeddedObjectStore implements AutoCloseable {
  private static final int THREADS = 64;

  private final S3Proxy server;
  private final URI endpoint;

  private EmbeddedObjectStore(S3Proxy server) {
    this.server = server;
    this.endpoint = URI.create("http://127.0.0.1:" + server.getPort());
  }

  /// Starts it, and removes first what a kill left half-written.
  ///
  /// @param port 0 for a free one
  public static EmbeddedObjectStore start(
      Path directory, int port, String accessKey, String secretKey) {
    try {
      Files.createDirectories(directory);
      var root = directory.toRealPath();
      Leftovers.remove(root);
      var server =
          S3Proxy.builder()
              .blobStore(new DurableBlobStore(new FilesystemNio2BlobStore(root.toString()), root))
              .endpoint(URI.create("http://127.0.0.1:" + port))
              .awsAuthentication(AuthenticationType.AWS_V4, accessKey, secretKey)
              .ignoreUnknownHeaders(true)
              .corsRules(new CrossOriginResourceSharing())
              .jettyMaxThreads(THREADS)
              .stopTimeout(0)
              .build();
      server.start();
      return new EmbeddedObjectStore(server);
    } catch (IOException failure) {
      throw new UncheckedIOException("the object store does not start in " + directory, failure);
    } catch (Exception failure) {
      throw new IllegalStateException("the object store does not start in " + directory, failure);
    }
  }

  /// Where it is, for S3 clients.
  public URI endpoint() {
    return endpoint;
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception failure) {
      throw new IllegalStateException("the object store does not stop", failure);
    }
  }
}
