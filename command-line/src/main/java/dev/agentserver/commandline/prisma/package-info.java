/// The legacy tables that a Prisma client kept: read without a lock or a write, and written again.
package dev.agentserver.commandline.prisma;
