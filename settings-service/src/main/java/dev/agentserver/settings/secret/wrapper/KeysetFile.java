package dev.agentserver.settings.secret.wrapper;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.subtle.Random;
import dev.agentserver.settings.secret.KeyWrapper;
import dev.agentserver.settings.secret.Undecryptable;
import dev.agentserver.settings.secret.WrappedKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// A master key in a file that only its owner may read: a Tink keyset and the name it has. It is
/// made at the first start.
///
/// A key's id inside the keyset is its version. Processes that share the file see each other's new
/// versions: a version that is not known has the file read again.
public final class KeysetFile implements KeyWrapper {
  private static final int ID_BYTES = 4;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrivateFile file;
  private volatile Content content;

  private record Content(String id, KeysetHandle keyset, Aead aead, int newest) {}

  private KeysetFile(PrivateFile file) {
    this.file = file;
    this.content = read();
  }

  /// Opens the file, which is made where there is none. Fails with IllegalArgumentException where
  /// others may read it, or where it is no keyset.
  public static KeysetFile open(Path path) {
    try {
      AeadConfig.register();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("Tink cannot be used", impossible);
    }
    var file = new PrivateFile(path);
    try {
      file.change(text -> text == null ? first() : text);
    } catch (IOException failed) {
      throw new IllegalArgumentException(
          "KEYSET_FILE names " + path + ", which cannot be made: " + failed.getMessage(), failed);
    }
    return new KeysetFile(file);
  }

  private static String first() {
    var id = "file-" + HexFormat.of().formatHex(Random.randBytes(ID_BYTES));
    return print(id, with(KeysetHandle.newBuilder(), 1));
  }

  private static KeysetHandle with(KeysetHandle.Builder keyset, int version) {
    try {
      return keyset
          .addEntry(
              KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                  .withFixedId(version)
                  .makePrimary())
          .build();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("a new key cannot be made", impossible);
    }
  }

  private static String print(String id, KeysetHandle keyset) {
    try {
      var keys =
          TinkJsonProtoKeysetFormat.serializeKeyset(
              keyset, RegistryConfiguration.get(), InsecureSecretKeyAccess.get());
      var root = JSON.createObjectNode().put("id", id);
      root.set("keyset", JSON.readTree(keys));
      return JSON.writeValueAsString(root);
    } catch (GeneralSecurityException | IOException impossible) {
      throw new IllegalStateException("a keyset cannot be written", impossible);
    }
  }

  /// The cause is left out: a parser's complaint quotes what it read.
  private static Content parse(Path path, String text) {
    try {
      var root = JSON.readTree(text);
      var keyset =
          TinkJsonProtoKeysetFormat.parseKeyset(
              root.required("keyset").toString(),
              RegistryConfiguration.get(),
              InsecureSecretKeyAccess.get());
      var newest = keyset.getPrimary().getId();
      var aead = keyset.getPrimitive(RegistryConfiguration.get(), Aead.class);
      return new Content(root.required("id").textValue(), keyset, aead, newest);
    } catch (IOException | GeneralSecurityException | IllegalArgumentException _) {
      throw new IllegalArgumentException("KEYSET_FILE names " + path + ", which is no keyset");
    }
  }

  private Content read() {
    try {
      return parse(file.path(), file.read());
    } catch (IOException failed) {
      throw new IllegalArgumentException(
          "KEYSET_FILE names " + file.path() + ", which cannot be read", failed);
    }
  }

  @Override
  public String id() {
    return content.id();
  }

  /// Reads the file: another process may have made a version.
  @Override
  public int newest() {
    content = read();
    return content.newest();
  }

  @Override
  public WrappedKey wrap(byte[] dataKey) {
    var now = content;
    try {
      var bytes = now.aead().encrypt(dataKey, place(now.id(), now.newest()));
      return new WrappedKey(now.id(), now.newest(), bytes);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("AES-256-GCM failed to encrypt", impossible);
    }
  }

  @Override
  public byte[] unwrap(WrappedKey key) {
    if (!has(content, key.version())) {
      content = read();
    }
    var now = content;
    if (!has(now, key.version())) {
      throw new Undecryptable("%s has no version %d".formatted(now.id(), key.version()));
    }
    try {
      return now.aead().decrypt(key.bytes(), place(now.id(), key.version()));
    } catch (GeneralSecurityException changed) {
      throw new Undecryptable("the wrapped key was changed", changed);
    }
  }

  private static boolean has(Content content, int version) {
    return IntStream.range(0, content.keyset().size())
        .anyMatch(index -> content.keyset().getAt(index).getId() == version);
  }

  private static byte[] place(String id, int version) {
    return (id + "|" + version).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean isRemote() {
    return false;
  }

  @Override
  public int rotate() {
    change(keyset -> with(KeysetHandle.newBuilder(keyset), keyset.getPrimary().getId() + 1));
    return content.newest();
  }

  @Override
  public void destroyThrough(int version) {
    change(keyset -> without(keyset, version));
  }

  private static KeysetHandle without(KeysetHandle keyset, int version) {
    var left = KeysetHandle.newBuilder(keyset);
    for (var index = keyset.size() - 1; index >= 0; index--) {
      var entry = keyset.getAt(index);
      if (entry.getId() <= version && !entry.isPrimary()) {
        left.deleteAt(index);
      }
    }
    try {
      return left.build();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("a keyset cannot be changed", impossible);
    }
  }

  private void change(UnaryOperator<KeysetHandle> edit) {
    try {
      file.change(
          text -> {
            if (text == null) {
              throw new IllegalStateException(file.path() + " is gone");
            }
            var found = parse(file.path(), text);
            return print(found.id(), edit.apply(found.keyset()));
          });
    } catch (IOException failed) {
      throw new UncheckedIOException("KEYSET_FILE cannot be written", failed);
    }
    content = read();
  }
}
