package dev.agentserver.file.file;

import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What somebody wants to upload.
///
/// @param id null: one is made
/// @param filename a clean one
/// @param sha256 what the bytes must have; empty: whatever they have
/// @param size how many there must be; empty: whatever comes
/// @param inForm whether it comes in a form
public record NewFile(
    @Nullable UUID id,
    String filename,
    String contentType,
    Purpose purpose,
    String sha256,
    OptionalLong size,
    boolean inForm) {}
